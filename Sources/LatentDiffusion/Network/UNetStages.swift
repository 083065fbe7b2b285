import Layers
import Tensors

/// One level on the way down: residual blocks, each with a transformer where the level attends, then half the resolution
/// unless it is the last.
struct DownStage: Module {
  var resnets: [TimedResidualBlock]
  var attentions: [SpatialTransformer]
  var downsampler: Convolution2D?

  init(level: Int, inputs: Int, _ configuration: ConditionalUNet.Configuration, random: inout RandomStream) {
    let outputs = configuration.channels[level]
    var (resnets, attentions): ([TimedResidualBlock], [SpatialTransformer]) = ([], [])
    for layer in 0..<configuration.layersPerBlock {
      resnets.append(TimedResidualBlock(layer == 0 ? inputs : outputs, to: outputs, configuration, random: &random))
      if configuration.attends[level] {
        attentions.append(
          SpatialTransformer(outputs, heads: configuration.heads[level], configuration, random: &random))
      }
    }
    (self.resnets, self.attentions) = (resnets, attentions)
    downsampler =
      level == configuration.channels.count - 1
      ? nil : Convolution2D(outputs, to: outputs, stride: 2, padding: .all(1), random: &random)
  }

  /// Every intermediate result is pushed for the way up.
  func callAsFunction(_ input: Tensor, time: Tensor, context: Tensor, pushing skips: inout [Tensor]) -> Tensor {
    var hidden = input
    for (layer, resnet) in resnets.enumerated() {
      hidden = resnet(hidden, time: time)
      if !attentions.isEmpty { hidden = attentions[layer](hidden, context: context) }
      skips.append(hidden)
    }
    if let downsampler {
      hidden = downsampler(hidden)
      skips.append(hidden)
    }
    return hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.children("attentions", &attentions)
    visitor.enter("downsamplers")
    visitor.enter("0")
    visitor.child("conv", &downsampler)
    visitor.leave()
    visitor.leave()
  }
}

/// The lowest resolution: a residual block, a transformer, a residual block.
struct MiddleStage: Module {
  var resnets: [TimedResidualBlock]
  var attention: SpatialTransformer

  init(_ configuration: ConditionalUNet.Configuration, random: inout RandomStream) {
    let (channels, heads) = (configuration.channels.last!, configuration.heads.last!)
    resnets = (0..<2).map { _ in TimedResidualBlock(channels, to: channels, configuration, random: &random) }
    attention = SpatialTransformer(channels, heads: heads, configuration, random: &random)
  }

  func callAsFunction(_ input: Tensor, time: Tensor, context: Tensor) -> Tensor {
    resnets[1](attention(resnets[0](input, time: time), context: context), time: time)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.enter("attentions")
    visitor.child("0", &attention)
    visitor.leave()
  }
}

/// One level on the way up: one residual block more than on the way down, each on its input beside the next skip, then
/// twice the resolution unless it is the outermost.
struct UpStage: Module {
  var resnets: [TimedResidualBlock]
  var attentions: [SpatialTransformer]
  var upsampler: Convolution2D?

  /// `skips` are the widths on the stack, popped here as `callAsFunction` pops the tensors.
  init(
    level: Int, inputs: Int, popping skips: inout [Int], _ configuration: ConditionalUNet.Configuration,
    random: inout RandomStream
  ) {
    let outputs = configuration.channels[level]
    var (resnets, attentions): ([TimedResidualBlock], [SpatialTransformer]) = ([], [])
    for layer in 0...configuration.layersPerBlock {
      let width = (layer == 0 ? inputs : outputs) + skips.removeLast()
      resnets.append(TimedResidualBlock(width, to: outputs, configuration, random: &random))
      if configuration.attends[level] {
        attentions.append(
          SpatialTransformer(outputs, heads: configuration.heads[level], configuration, random: &random))
      }
    }
    (self.resnets, self.attentions) = (resnets, attentions)
    upsampler = level == 0 ? nil : Convolution2D(outputs, to: outputs, random: &random)
  }

  func callAsFunction(_ input: Tensor, time: Tensor, context: Tensor, popping skips: inout [Tensor]) -> Tensor {
    var hidden = input
    for (layer, resnet) in resnets.enumerated() {
      hidden = resnet(concatenated([hidden, skips.removeLast()], along: 3), time: time)
      if !attentions.isEmpty { hidden = attentions[layer](hidden, context: context) }
    }
    guard let upsampler, let next = skips.last else { return hidden }
    // An odd size was halved upwards, so that doubling overshoots by one row or column.
    let doubled = hidden.upsampledNearest(by: 2).sliced(1, 0..<next.shape[1]).sliced(2, 0..<next.shape[2])
    return upsampler(doubled)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.children("attentions", &attentions)
    visitor.enter("upsamplers")
    visitor.enter("0")
    visitor.child("conv", &upsampler)
    visitor.leave()
    visitor.leave()
  }
}
