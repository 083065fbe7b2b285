import LineupKernels
import LineupTensors

/// Group normalisation over images `[batch, height, width, channels]` (Wu and He 2018).
public struct GroupNorm: Layer {
  /// What each channel is multiplied by afterwards, `[channels]`.
  public var scale: Tensor
  /// What is added to each channel afterwards, `[channels]`.
  public var offset: Tensor
  /// The number of groups that the channels are cut into.
  public let groups: Int
  /// Added to the variance.
  public let epsilon: Float

  /// Scales begin at 1, offsets at 0.
  public init(groups: Int, channels: Int, epsilon: Float = 1e-5) {
    require(channels % groups == 0, "\(channels) channels do not divide into \(groups) groups")
    scale = .ones([channels])
    offset = .zeros([channels])
    self.groups = groups
    self.epsilon = epsilon
  }

  /// A tensor with the channels along its last axis to one of the same shape.
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

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("scale", &scale)
    visitor.parameter("offset", &offset)
  }
}

/// Layer normalisation over the last axis (Ba et al. 2016).
public struct LayerNorm: Layer {
  /// What each channel is multiplied by afterwards, `[channels]`.
  public var scale: Tensor
  /// What is added to each channel afterwards, `[channels]`.
  public var offset: Tensor
  /// Added to the variance.
  public let epsilon: Float

  /// Scales begin at 1, offsets at 0.
  public init(_ width: Int, epsilon: Float = 1e-5) {
    scale = .ones([width])
    offset = .zeros([width])
    self.epsilon = epsilon
  }

  /// A tensor with the channels along its last axis to one of the same shape.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.normalized(over: .last, scale: scale, offset: offset, epsilon: epsilon)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("scale", &scale)
    visitor.parameter("offset", &offset)
  }
}

/// Batch normalisation over all axes but the last (Ioffe and Szegedy 2015).
///
/// `training(_:)` uses the batch's own statistics and moves the running ones; calling the layer uses the running ones.
public struct BatchNorm: Layer {
  /// What each channel is multiplied by afterwards, `[channels]`.
  public var scale: Tensor
  /// What is added to each channel afterwards, `[channels]`.
  public var offset: Tensor
  /// The remembered mean of each channel, `[channels]`.
  public var runningMean: Tensor
  /// The remembered variance of each channel, `[channels]`.
  public var runningVariance: Tensor
  /// Added to the variance.
  public let epsilon: Float
  /// How far the running statistics move toward each batch's.
  public let momentum: Float

  /// Scales begin at 1, offsets at 0.
  public init(_ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1) {
    scale = .ones([channels])
    offset = .zeros([channels])
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// A tensor with the channels along its last axis to one of the same shape.
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

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("scale", &scale)
    visitor.parameter("offset", &offset)
    visitor.buffer("runningMean", &runningMean)
    visitor.buffer("runningVariance", &runningVariance)
  }
}
