import LineupKernels
import LineupTensors

/// What a ControlNet adds inside a U-Net (Zhang et al. 2023).
public struct ControlResiduals: Sendable {
  /// For each intermediate result on the way down, outermost first, a tensor of its shape.
  package var skips: [Tensor]
  /// For what comes out of the middle.
  package var middle: Tensor

  /// What to add behind each block on the way down, and to the middle.
  package init(skips: [Tensor], middle: Tensor) { (self.skips, self.middle) = (skips, middle) }

  /// All tensors times a number, the "conditioning scale".
  package func scaled(by factor: Float) -> ControlResiduals {
    ControlResiduals(skips: skips.map { $0.scaled(by: factor) }, middle: middle.scaled(by: factor))
  }

  /// Less for the outer levels, more for the inner ones: factors from 0.1 to 1, spaced evenly in their logarithm, as for
  /// guessing without a prompt (`guess_mode` of diffusers).
  package var weightedForGuessing: ControlResiduals {
    let factors = skips.indices.map { scalarExp(2.302_585_09 * (Float($0) / Float(skips.count) - 1)) }
    return ControlResiduals(skips: zip(skips, factors).map { $0.scaled(by: $1) }, middle: middle)
  }

  /// The same for a batch whose first half is left alone.
  package var afterZeros: ControlResiduals {
    func extended(_ tensor: Tensor) -> Tensor { concatenated([.zeros(tensor.shape), tensor], along: 0) }
    return ControlResiduals(skips: skips.map(extended), middle: extended(middle))
  }

  /// What several ControlNets add together.
  package static func + (a: ControlResiduals, b: ControlResiduals) -> ControlResiduals {
    let (left, right) = ((a.skips + [a.middle]).map(\.shape), (b.skips + [b.middle]).map(\.shape))
    require(left == right, "residuals of shapes \(left) and \(right) belong to different networks or images")
    return ControlResiduals(skips: zip(a.skips, b.skips).map(+), middle: a.middle + b.middle)
  }
}
