import LineupKernels
import LineupNetworks
import LineupTensors

/// How an estimate of the clean sample is kept in bounds.
package enum CleanBounds: Sendable, Equatable {
  case none
  /// Between −range and range. [clip_sample, clip_sample_range]
  case clipped(range: Float)
  /// Each sample by a quantile of its magnitudes, which becomes 1 (Saharia et al. 2022, "dynamic thresholding").
  /// [dynamic_thresholding_ratio, sample_max_value]
  case thresholded(ratio: Float, most: Float)

  func applied(to clean: Tensor) -> Tensor {
    switch self {
    case .none: clean
    case .clipped(let range): clean.clamped(to: -range...range)
    case .thresholded(let ratio, let most):
      concatenated(
        (0..<clean.shape[0]).map { index in
          let sample = clean.sliced(0, index..<index + 1)
          let bound = min(max(Self.quantile(ratio, of: abs(sample).values), 1), most)
          return sample.clamped(to: -bound...bound) / bound
        }, along: 0)
    }
  }

  /// Linear between the two values around the rank, in single precision like torch's.
  private static func quantile(_ ratio: Float, of values: [Float]) -> Float {
    let sorted = values.sorted()
    let rank = ratio * Float(sorted.count - 1)
    let below = Int(rank)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (rank - Float(below))
  }
}

extension SamplerSettings {
  /// What a network's output says of a sample at ᾱ, with the clean part in bounds; the noise part stays what it was.
  func estimate(_ output: Tensor, _ sample: Tensor, alphaBar: Double) -> DenoisingEstimate {
    let estimate = prediction.estimate(output, noisy: sample, alphaBar: alphaBar)
    return DenoisingEstimate(clean: bounds.applied(to: estimate.clean), noise: estimate.noise)
  }

  /// The clean sample in one whose noise has deviation σ and whose signal is unscaled.
  func clean(_ output: Tensor, _ sample: Tensor, sigma: Double) -> Tensor {
    let clean =
      switch prediction {
      case .epsilon: sample - output.weighted(sigma)
      case .v:
        sample.weighted(1 / (sigma * sigma + 1)) - output.weighted(sigma / (sigma * sigma + 1).squareRoot())
      case .x0: output
      }
    return bounds.applied(to: clean)
  }
}
