import LineupKernels
import LineupTensors

/// Group normalisation over images `[batch, height, width, channels]` (Wu and He 2018).
public struct GroupNorm: Layer {
  public var scale: Tensor
  public var offset: Tensor
  public let groups: Int
  public let epsilon: Float

  public init(groups: Int, channels: Int, epsilon: Float = 1e-5) {
    require(channels % groups == 0, "\(channels) channels do not divide into \(groups) groups")
    scale = .ones([channels])
    offset = .zeros([channels])
    self.groups = groups
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.normalized(over: .groups(groups), scale: scale, offset: offset, epsilon: epsilon)
  }

  /// The normalised images through SiLU, in one pass over memory.
  ///
  /// - Parameters:
  ///   - shift: added to each image's channels first, `[batch, channels]`.
  ///   - modulation: multiplies each image's normalised channels by `1 + factor` and adds `offset`, `[batch, channels]`.
  public func activated(
    _ input: Tensor, adding shift: Tensor? = nil, modulation: (factor: Tensor, offset: Tensor)? = nil
  ) -> Tensor {
    input.normalized(
      over: .groups(groups), scale: scale, offset: offset, epsilon: epsilon, adding: shift, modulation: modulation,
      activation: .silu)
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("scale", &scale)
    visitor.parameter("offset", &offset)
  }
}

/// Layer normalisation over the last axis (Ba et al. 2016).
public struct LayerNorm: Layer {
  public var scale: Tensor
  public var offset: Tensor
  public let epsilon: Float

  public init(_ width: Int, epsilon: Float = 1e-5) {
    scale = .ones([width])
    offset = .zeros([width])
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.normalized(over: .last, scale: scale, offset: offset, epsilon: epsilon)
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("scale", &scale)
    visitor.parameter("offset", &offset)
  }
}

/// Batch normalisation over all axes but the last (Ioffe and Szegedy 2015).
///
/// `training(_:)` uses the batch's own statistics and moves the running ones; calling the layer uses the running ones.
public struct BatchNorm: Layer {
  public var scale: Tensor
  public var offset: Tensor
  public var runningMean: Tensor
  public var runningVariance: Tensor
  public let epsilon: Float
  /// How far the running statistics move toward each batch's.
  public let momentum: Float

  public init(_ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1) {
    scale = .ones([channels])
    offset = .zeros([channels])
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    let factor = scale * rsqrt(runningVariance + epsilon)
    return input * factor + (offset - runningMean * factor)
  }

  /// Normalises with the batch's statistics; the running variance moves toward the unbiased one, as in PyTorch.
  public mutating func training(_ input: Tensor) -> Tensor {
    let (output, mean, variance) = input.normalizedWithStatistics(
      over: .batch, scale: scale, offset: offset, epsilon: epsilon)
    let rows = Float(input.count / scale.count)
    runningMean.interpolate(toward: mean, by: momentum)
    runningVariance.interpolate(toward: variance.scaled(by: rows / max(rows - 1, 1)), by: momentum)
    return output
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("scale", &scale)
    visitor.parameter("offset", &offset)
    visitor.buffer("runningMean", &runningMean)
    visitor.buffer("runningVariance", &runningVariance)
  }
}
