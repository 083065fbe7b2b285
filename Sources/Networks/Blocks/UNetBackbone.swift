import LineupKernels
import LineupTensors

/// What U-Nets of diffusers' making have in common, whatever mixes the positions in their levels. Names of `config.json`
/// are given in brackets.
package struct UNetConfiguration: Sendable, Hashable {
  /// How the resolution changes between two levels.
  package enum LevelChange: String, Sendable, Hashable, CaseIterable {
    case convolution = "conv"
    case residual = "resnet"
  }

  /// What stands at the lowest resolution.
  package enum Middle: Sendable, Hashable {
    case nothing
    /// One residual block.
    case block
    /// Two residual blocks with room for a mixer between them.
    case blocks
  }

  /// [in_channels, out_channels]
  package var inputs: Int
  package var outputs: Int
  /// Widths of the levels, outermost first; the resolution halves between them. [block_out_channels]
  package var channels: [Int]
  /// Residual blocks in each level on the way down; one more on the way up. [layers_per_block]
  package var layers: [Int]
  package var block: ResidualBlock2D.Options
  package var time: TimestepEmbedding.Options
  /// [downsample_padding]
  package var downsamplePadding = 1
  /// For each level, how it leads down and how it leads up. [downsample_type, upsample_type]
  package var halving: [LevelChange]
  package var doubling: [LevelChange]
  package var middle = Middle.blocks
  /// [mid_block_scale_factor]
  package var middleDivisor: Float = 1
  /// Sides of the first and the last kernel. [conv_in_kernel, conv_out_kernel]
  package var inputKernel = 3
  package var outputKernel = 3
  /// Before the last convolution.
  package var outputActivation = Activation.silu
  /// Whether images in [0, 1] are brought to [−1, 1] first. [center_input_sample]
  package var centersInput = false
  /// Whether the output is divided by the noise level. [time_embedding_type "fourier" of UNet2DModel]
  package var dividesByTime = false

  /// The plain case: sinusoidal time, convolutions between the levels. The width of the time embedding is four times that
  /// of the outermost level.
  package init(inputs: Int, outputs: Int, channels: [Int], layersPerBlock: Int, groups: Int, epsilon: Float) {
    require(!channels.isEmpty, "a U-Net needs at least one level")
    (self.inputs, self.outputs, self.channels) = (inputs, outputs, channels)
    layers = channels.map { _ in layersPerBlock }
    block = ResidualBlock2D.Options(
      groups: groups, epsilon: epsilon, timeWidth: 4 * channels[0], beginsAsShortcut: true)
    time = TimestepEmbedding.Options(
      features: .sinusoids(order: .cosineFirst, shift: 0), inputs: channels[0], width: 4 * channels[0])
    halving = channels.map { _ in .convolution }
    doubling = halving
  }

  /// Widths of the intermediate results on the way down, outermost first.
  package var skipWidths: [Int] {
    var widths = [channels[0]]
    for level in channels.indices {
      let pushed = layers[level] + (level == channels.count - 1 ? 0 : 1)
      widths += [Int](repeating: channels[level], count: pushed)
    }
    return widths
  }
}

/// The U-Net that diffusers' `UNet2DModel` and `UNet2DConditionModel` share (Ho et al. 2020, Rombach et al. 2022), over what
/// mixes the positions of an image. The walk's names are those there in camel case.
package struct UNetBackbone<Mixer: PositionMixer>: Module {
  package let configuration: UNetConfiguration
  var encoder: UNetEncoder<Mixer>
  var upStages: [UpStage<Mixer>]
  var normOut: GroupNorm
  var convOut: Convolution2D

  /// `mixer` makes the mixer of a place; all layers of a level have one or none has.
  package init(
    _ configuration: UNetConfiguration, mixer: (UNetPlace, inout RandomStream) -> Mixer?, random: inout RandomStream
  ) {
    self.configuration = configuration
    let channels = configuration.channels
    encoder = UNetEncoder(configuration, mixer: mixer, random: &random)
    var skips = configuration.skipWidths
    var upStages: [UpStage<Mixer>] = []
    for level in channels.indices.reversed() {
      upStages.append(
        UpStage(
          level: level, popping: &skips, configuration, mixer: { mixer(.up(level: level, layer: $0), &$1) },
          random: &random))
    }
    self.upStages = upStages
    normOut = GroupNorm(
      groups: configuration.block.groups, channels: channels[0], epsilon: configuration.block.epsilon)
    convOut = Convolution2D(
      channels[0], to: configuration.outputs, kernel: configuration.outputKernel,
      initializer: configuration.block.beginsAsShortcut ? .zeros : .uniformByFanIn, random: &random)
  }

  /// The prediction for noisy images.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, inputs]`.
  ///   - times: the timestep of each image.
  ///   - context: for mixers that read a text, its features `[batch, tokens, width]`.
  ///   - classLabels: for networks with classes, the class of each image.
  ///   - control: what ControlNets add to the intermediate results.
  /// - Returns: `[batch, height, width, outputs]`.
  package func callAsFunction(
    _ images: Tensor, at times: [Float], context: Tensor? = nil, classLabels: [Int]? = nil,
    control: ControlResiduals? = nil
  ) -> Tensor {
    require(
      images.rank == 4 && times.count == images.shape[0],
      "\(times.count) timesteps do not fit images of shape \(images.shape)")
    let time = encoder.time(times, classLabels: classLabels)
    var (hidden, skips) = encoder(images, time: time, context: context)
    if let control {
      requireFit(control, hidden, skips)
      hidden = hidden + control.middle
      skips = zip(skips, control.skips).map(+)
    }
    for stage in upStages { hidden = stage(hidden, time: time, context: context, popping: &skips) }
    let output = convOut(normOut.activated(hidden, by: configuration.outputActivation))
    return configuration.dividesByTime ? output / Tensor(times, shape: [times.count, 1, 1, 1]) : output
  }

  private func requireFit(_ control: ControlResiduals, _ middle: Tensor, _ skips: [Tensor]) {
    let (found, expected) = ((control.skips + [control.middle]).map(\.shape), (skips + [middle]).map(\.shape))
    require(found == expected, "a ControlNet's residuals of shapes \(found) do not fit a U-Net's \(expected)")
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    encoder.visit(&visitor)
    visitor.children("upBlocks", &upStages)
    visitor.child("convNormOut", &normOut)
    visitor.child("convOut", &convOut)
  }
}
