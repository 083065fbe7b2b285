import LineupKernels
import LineupTensors

/// The network that steers a U-Net by an image, such as edges or a pose: diffusers' `ControlNetModel`, layer for layer (Zhang
/// et al. 2023). It is the U-Net's way down and middle a second time, with the image added after the first convolution; its
/// intermediate results, each through a 1×1 convolution that begins at zero, are added to the U-Net's own. The walk's names
/// are its names in camel case.
public struct ControlNet: Module {
  /// What distinguishes one network's shape from another's; names of `config.json` are given in brackets.
  public struct Configuration: Sendable, Hashable {
    /// As of the U-Net that is steered; what describes its way up and its output is of no meaning here.
    package var network: UNetConfiguration
    /// For each level, outermost first, the mixer behind each of its residual blocks. [down_block_types]
    package var down: [[LevelAttention.Kind?]]
    package var middle: LevelAttention.Kind?
    /// [use_linear_projection]
    package var linearProjection: Bool
    /// Channels of the image. [conditioning_channels]
    package var imageChannels = 3
    /// Widths of the convolutions over the image, which halve it from each to the next.
    /// [conditioning_embedding_out_channels]
    package var imageWidths = [16, 32, 96, 256]
    /// Whether the network was trained on images whose channels are the other way round.
    /// [controlnet_conditioning_channel_order "bgr"]
    package var reversesChannels = false

    /// The network that steers a U-Net of this shape.
    public init(for unet: UNet2DConditionModel.Configuration) {
      (network, down, middle) = (unet.network, unet.down, unet.middle)
      linearProjection = unet.linearProjection
    }

    /// A shape said member by member.
    package init(
      network: UNetConfiguration, down: [[LevelAttention.Kind?]], middle: LevelAttention.Kind?, linearProjection: Bool,
      imageChannels: Int, imageWidths: [Int], reversesChannels: Bool
    ) {
      (self.network, self.down, self.middle) = (network, down, middle)
      (self.linearProjection, self.reversesChannels) = (linearProjection, reversesChannels)
      (self.imageChannels, self.imageWidths) = (imageChannels, imageWidths)
    }
  }

  package let configuration: Configuration
  var encoder: UNetEncoder<LevelAttention>
  var imageEmbedding: ImageEmbedding
  var skipOutputs: [Convolution2D]
  var middleOutput: Convolution2D

  /// A network of a shape, with weights that begin as the stream draws them.
  public init(_ configuration: Configuration, random: inout RandomStream) {
    self.configuration = configuration
    let network = configuration.network
    encoder = UNetEncoder(
      network,
      mixer: { place, random in
        LevelAttention.mixer(
          at: place, of: (configuration.down, configuration.middle, []), network, random: &random)
      }, random: &random)
    imageEmbedding = ImageEmbedding(configuration, random: &random)
    func output(_ width: Int) -> Convolution2D {
      Convolution2D(width, to: width, kernel: 1, initializer: .zeros, random: &random)
    }
    skipOutputs = network.skipWidths.map(output)
    middleOutput = output(network.channels[network.channels.count - 1])
  }

  /// What to add inside the U-Net.
  ///
  /// - Parameters:
  ///   - latents: `[batch, height, width, inputs]`, as the U-Net gets them.
  ///   - times: the timestep of each image.
  ///   - context: the text's features, `[batch, tokens, contextWidth]`.
  ///   - image: `[batch, factor · height, factor · width, imageChannels]` in [0, 1], where the factor, see `imageFactor`, is
  ///     that between pixels and latents.
  ///   - classLabels: for networks with classes, the class of each image.
  public func callAsFunction(
    _ latents: Tensor, at times: [Float], context: Tensor, image: Tensor, classLabels: [Int]? = nil
  ) -> ControlResiduals {
    let shape = latents.shape
    require(
      latents.rank == 4 && times.count == shape[0] && context.shape[0] == shape[0],
      "latents of shape \(shape) came with \(times.count) timesteps and \(context.shape[0]) texts")
    let expected = [shape[0], shape[1] * imageFactor, shape[2] * imageFactor, configuration.imageChannels]
    require(image.shape == expected, "a ControlNet's image has shape \(image.shape), expected \(expected)")
    let ordered =
      configuration.reversesChannels
      ? concatenated(image.split(into: configuration.imageChannels, along: 3).reversed(), along: 3) : image
    let (middle, skips) = encoder(
      latents, time: encoder.time(times, classLabels: classLabels), context: context, hint: imageEmbedding(ordered))
    return ControlResiduals(skips: zip(skipOutputs, skips).map { $0($1) }, middle: middleOutput(middle))
  }

  /// How many times larger the image is than the latents.
  package var imageFactor: Int { 1 << (configuration.imageWidths.count - 1) }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    encoder.visit(&visitor)
    visitor.child("controlnetCondEmbedding", &imageEmbedding)
    visitor.children("controlnetDownBlocks", &skipOutputs)
    visitor.child("controlnetMidBlock", &middleOutput)
  }
}

/// The small convolutional network that brings the steering image to the size of the latents.
struct ImageEmbedding: Layer {
  var convIn: Convolution2D
  /// By turns a convolution that keeps width and size, and one that goes to the next width and half the size.
  var blocks: [Convolution2D] = []
  var convOut: Convolution2D

  init(_ configuration: ControlNet.Configuration, random: inout RandomStream) {
    let widths = configuration.imageWidths
    convIn = Convolution2D(configuration.imageChannels, to: widths[0], random: &random)
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      blocks.append(Convolution2D(inputs, to: inputs, random: &random))
      blocks.append(Convolution2D(inputs, to: outputs, stride: 2, padding: .all(1), random: &random))
    }
    convOut = Convolution2D(
      widths[widths.count - 1], to: configuration.network.channels[0], initializer: .zeros, random: &random)
  }

  func callAsFunction(_ image: Tensor) -> Tensor {
    convOut(blocks.reduce(silu(convIn(image))) { silu($1($0)) })
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("convIn", &convIn)
    visitor.children("blocks", &blocks)
    visitor.child("convOut", &convOut)
  }
}
