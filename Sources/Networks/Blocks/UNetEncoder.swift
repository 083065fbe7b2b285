import LineupKernels
import LineupTensors

/// A place for a mixer in a U-Net: behind which residual block of which level, the outermost being 0.
package enum UNetPlace: Sendable, Hashable {
  case down(level: Int, layer: Int)
  case middle
  case up(level: Int, layer: Int)
}

/// The first half of a U-Net, all that comes before the way up: the first convolution, the embedding of the noise level, the
/// way down and the middle. A ControlNet is a second one of these beside a U-Net's own (Zhang et al. 2023).
package struct UNetEncoder<Mixer: PositionMixer>: Module {
  let configuration: UNetConfiguration
  var convIn: Convolution2D
  var timeEmbedding: TimestepEmbedding
  var downStages: [DownStage<Mixer>]
  var middle: MiddleStage<Mixer>?

  /// `mixer` makes the mixer of a place; all layers of a level have one or none has.
  package init(
    _ configuration: UNetConfiguration, mixer: (UNetPlace, inout RandomStream) -> Mixer?, random: inout RandomStream
  ) {
    self.configuration = configuration
    let channels = configuration.channels
    convIn = Convolution2D(configuration.inputs, to: channels[0], kernel: configuration.inputKernel, random: &random)
    timeEmbedding = TimestepEmbedding(configuration.time, random: &random)
    var stages: [DownStage<Mixer>] = []
    for level in channels.indices {
      stages.append(
        DownStage(
          level: level, configuration, mixer: { mixer(.down(level: level, layer: $0), &$1) }, random: &random))
    }
    downStages = stages
    middle =
      configuration.middle == .nothing
      ? nil
      : MiddleStage(
        configuration, blocks: configuration.middle == .block ? 1 : 2, mixer: { mixer(.middle, &$0) },
        random: &random)
  }

  /// The activation of the time embedding, which every residual block takes, `[times.count, timeWidth]`.
  package func time(_ times: [Float], classLabels: [Int]?) -> Tensor {
    configuration.block.activation(timeEmbedding(times, classLabels: classLabels))
  }

  /// What comes out of the middle, and every intermediate result on the way down, outermost first, as many as
  /// `UNetConfiguration.skipWidths`.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, inputs]`.
  ///   - time: see `time(_:classLabels:)`.
  ///   - context: for mixers that read a text, its features `[batch, tokens, width]`.
  ///   - hint: added to the result of the first convolution, `[batch, height, width, channels[0]]`.
  package func callAsFunction(
    _ images: Tensor, time: Tensor, context: Tensor?, hint: Tensor? = nil
  ) -> (middle: Tensor, skips: [Tensor]) {
    var hidden = convIn(configuration.centersInput ? images.scaled(by: 2, plus: -1) : images)
    if let hint { hidden = hidden + hint }
    var skips = [hidden]
    for stage in downStages { hidden = stage(hidden, time: time, context: context, pushing: &skips) }
    if let middle { hidden = middle(hidden, time: time, context: context) }
    return (hidden, skips)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("convIn", &convIn)
    timeEmbedding.visit(&visitor)
    visitor.children("downBlocks", &downStages)
    visitor.child("midBlock", &middle)
  }
}
