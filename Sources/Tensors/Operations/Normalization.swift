import Kernels

/// What a normalisation shares its statistics over.
public enum NormalizationAxes: Sendable {
  /// Each image and group of channels alone, over space (Wu and He 2018).
  case groups(Int)
  /// Each channel alone, over batch and space (Ioffe and Szegedy 2015).
  case batch
  /// Each row of the last axis alone (Ba et al. 2016).
  case last

  func geometry(_ shape: [Int]) -> NormalizationGeometry {
    let channels = shape[shape.count - 1]
    let rows = shape.dropLast().reduce(1, *)
    return switch self {
    case .groups(let groups):
      NormalizationGeometry(batch: shape[0], space: rows / shape[0], channels: channels, groups: groups)
    case .batch: NormalizationGeometry(batch: 1, space: rows, channels: channels, groups: channels)
    case .last: NormalizationGeometry(batch: rows, space: 1, channels: channels, groups: 1)
    }
  }
}

extension Tensor {
  /// `(x − mean) / √(variance + ε) · scale + offset` with the biased variance; scale and offset have one number a channel.
  public func normalized(over axes: NormalizationAxes, scale: Tensor, offset: Tensor, epsilon: Float) -> Tensor {
    normalizedWithStatistics(over: axes, scale: scale, offset: offset, epsilon: epsilon).output
  }

  /// As `normalized`, with the mean and the biased variance that were used, as plain data of shape `[batch · groups]`.
  public func normalizedWithStatistics(
    over axes: NormalizationAxes, scale: Tensor, offset: Tensor, epsilon: Float
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    let channels = shape[rank - 1]
    require(
      scale.shape == [channels] && offset.shape == [channels],
      "a normalisation of shape \(shape) needs a scale and an offset of shape [\(channels)], not \(scale.shape) and \(offset.shape)"
    )
    let g = axes.geometry(shape)
    var mean = Tensor(shape: [g.batch * g.groups]) { _ in }
    var rstd = Tensor(shape: [g.batch * g.groups]) { _ in }
    let output = Tensor(shape: shape) { out in
      withValues { x in
        mean.withMutableValues { mean in
          rstd.withMutableValues { rstd in
            normalize(
              g, epsilon: epsilon, x.baseAddress!, gamma: scale.storage.pointer, beta: offset.storage.pointer,
              into: out.baseAddress!, mean: mean.baseAddress!, rstd: rstd.baseAddress!)
          }
        }
      }
    }
    let statistics = (mean, rstd)
    let recorded = Tensor.recorded(output, from: [self, scale, offset], saving: .inputs) { c in
      c.isRecorded
        ? composedGradients(c, g, epsilon) : fusedGradients(c, g, mean: statistics.0, rstd: statistics.1)
    }
    return (recorded, mean, 1 / square(rstd) - epsilon)
  }
}

/// One fused pass for first derivatives.
private func fusedGradients(_ c: PullbackContext, _ g: NormalizationGeometry, mean: Tensor, rstd: Tensor) -> [Tensor?] {
  var scaleGradient = Tensor(shape: [g.channels]) { _ in }
  var offsetGradient = Tensor(shape: [g.channels]) { _ in }
  var scratch = Tensor(shape: [2 * g.channels]) { _ in }
  let inputGradient = Tensor(shape: c.inputs[0].shape) { out in
    scaleGradient.withMutableValues { dScale in
      offsetGradient.withMutableValues { dOffset in
        scratch.withMutableValues { scratch in
          normalizeGradient(
            g, c.inputs[0].storage.pointer, gamma: c.inputs[1].storage.pointer, mean: mean.storage.pointer,
            rstd: rstd.storage.pointer, gradient: c.gradient.storage.pointer, into: out.baseAddress!,
            gamma: dScale.baseAddress!, beta: dOffset.baseAddress!, scratch: scratch.baseAddress!)
        }
      }
    }
  }
  return [inputGradient, scaleGradient, offsetGradient]
}

/// The same in differentiable operations, for derivatives of derivatives.
private func composedGradients(_ c: PullbackContext, _ g: NormalizationGeometry, _ epsilon: Float) -> [Tensor?] {
  let grouped = [g.batch, g.space, g.groups, g.channels / g.groups]
  let x = c.inputs[0].reshaped(to: grouped)
  let mean = x.mean(overAxes: [1, 3], keepingAxes: true)
  let centred = x - mean
  let rstd = rsqrt(square(centred).mean(overAxes: [1, 3], keepingAxes: true) + epsilon)
  let standard = centred * rstd
  let gradient = c.gradient.reshaped(to: grouped)
  let slope = gradient * c.inputs[1].reshaped(to: [g.groups, g.channels / g.groups])
  let inputGradient =
    rstd
    * (slope - slope.mean(overAxes: [1, 3], keepingAxes: true)
      - standard * (slope * standard).mean(overAxes: [1, 3], keepingAxes: true))
  return [
    inputGradient.reshaped(to: c.inputs[0].shape),
    (gradient * standard).sum(overAxes: [0, 1]).reshaped(to: [g.channels]),
    gradient.sum(overAxes: [0, 1]).reshaped(to: [g.channels]),
  ]
}
