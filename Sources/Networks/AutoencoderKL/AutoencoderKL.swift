import LineupKernels
import LineupTensors

/// The convolutional autoencoder of Stable Diffusion, of any width: images to a Gaussian over small latent images and back
/// (Rombach et al. 2022, appendix G.2).
///
/// Network shapes and the order of operations are those of diffusers' class of the same name. The walk's names are its
/// names in camel case, with `scale` and `offset` for the weight and bias of a normalisation, so that
/// `encoder.downBlocks.1.resnets.0.convShortcut.weight` is `encoder.down_blocks.1.resnets.0.conv_shortcut.weight` there.
public struct AutoencoderKL: Module {
  /// The sizes of the networks. The defaults are those of Stable Diffusion 1.
  public struct Configuration: Sendable, Hashable {
    /// Channels of the images.
    package var imageChannels = 3
    /// Channels of the decoded images, where they are others.
    package var decodedChannels: Int?
    /// Widths of the levels, outermost first; the resolution halves between them.
    package var channels = [128, 256, 512, 512]
    /// Residual blocks in each level of the encoder; the decoder has one more.
    package var layersPerBlock = 2
    /// Channels of the latents. [latent_channels]
    package var latentChannels = 4
    /// Groups of the group normalisations; must divide every width.
    package var groups = 32
    /// Whether the innermost stage attends over all positions.
    package var midBlockAttention = true
    /// Levels, the outermost being 0, whose residual blocks are each followed by attention.
    package var encoderAttention: Set<Int> = []
    /// The same for the decoder's levels.
    package var decoderAttention: Set<Int> = []
    /// Inside residual blocks; before the last convolutions it is SiLU always.
    package var activation = Activation.silu
    /// Whether a 1×1 convolution makes the moments, and another one begins the decoding.
    package var convolvesMoments = true
    /// Whether a 1×1 convolution precedes the decoder. [use_post_quant_conv]
    package var convolvesLatents = true
    /// The side in pixels of the images that the networks were made for, which is the side of a tile where larger ones are
    /// cut.
    package var sampleSize = 512
    /// What diffusion models multiply latents by to give them about unit variance.
    package var scalingFactor: Float = 0.18215

    /// The shape of Stable Diffusion's autoencoder.
    public init() {}

    /// How many times smaller than the image the latent image is, along each side.
    package var reduction: Int { 1 << (channels.count - 1) }
  }

  /// The network's shape.
  package let configuration: Configuration
  var encoder: Encoder
  var decoder: Decoder
  var quantConv: Convolution2D?
  var postQuantConv: Convolution2D?

  /// The weights of the decoder's last convolution, at which adversarial training balances its gradients.
  package var lastWeight: Tensor { decoder.convOut.weight }

  /// A network of a shape, with weights that begin as the stream draws them.
  public init(_ configuration: Configuration, random: RandomStream) {
    require(
      !configuration.channels.isEmpty && configuration.channels.allSatisfy { $0 % configuration.groups == 0 },
      "an autoencoder's widths \(configuration.channels) must be multiples of its \(configuration.groups) groups")
    self.configuration = configuration
    var stream = random.split("encoder")
    encoder = Encoder(configuration, random: &stream)
    stream = random.split("decoder")
    decoder = Decoder(configuration, random: &stream)
    let latents = configuration.latentChannels
    stream = random.split("quantConv")
    quantConv =
      configuration.convolvesMoments
      ? Convolution2D(2 * latents, to: 2 * latents, kernel: 1, random: &stream) : nil
    stream = random.split("postQuantConv")
    postQuantConv =
      configuration.convolvesLatents ? Convolution2D(latents, to: latents, kernel: 1, random: &stream) : nil
  }

  /// The shape of the latent image of an image of shape `[height, width, channels]`, whose sides must be multiples of
  /// `configuration.reduction`.
  public func latentShape(of imageShape: [Int]) -> [Int] {
    let factor = configuration.reduction
    require(
      imageShape.count == 3 && imageShape[0] % factor == 0 && imageShape[1] % factor == 0,
      "an autoencoder with \(configuration.channels.count) levels needs sides that are multiples of \(factor), "
        + "not images of shape \(imageShape)")
    return [imageShape[0] / factor, imageShape[1] / factor, configuration.latentChannels]
  }

  /// The Gaussian over latents of images `[batch, height, width, channels]` in [−1, 1]: mean and logarithm of the variance
  /// (held in [−30, 20]), each `[batch, height / reduction, width / reduction, latentChannels]`.
  public func encode(_ images: Tensor) -> (mean: Tensor, logVariance: Tensor) {
    gaussian(of: moments(images))
  }

  /// Mean and bounded logarithm of the variance of moments `[batch, h, w, 2 · latentChannels]`.
  func gaussian(of moments: Tensor) -> (mean: Tensor, logVariance: Tensor) {
    let parts = moments.split(into: 2, along: -1)
    return (parts[0], parts[1].clamped(to: -30...20))
  }

  /// The mean of that Gaussian alone.
  public func mean(of images: Tensor) -> Tensor {
    moments(images).sliced(-1, 0..<configuration.latentChannels)
  }

  /// The moments of the latents of images, `[batch, h, w, 2 · latentChannels]`, before any bound.
  func moments(_ images: Tensor) -> Tensor {
    _ = latentShape(of: Array(images.shape.dropFirst()))
    let moments = encoder(images)
    return quantConv?(moments) ?? moments
  }

  /// Images, in about [−1, 1], of latents; the inverse of `encode` in shape.
  public func decode(_ latents: Tensor) -> Tensor {
    require(
      latents.rank == 4 && latents.shape[3] == configuration.latentChannels,
      "latents of shape \(latents.shape) do not have \(configuration.latentChannels) channels")
    return decoder(postQuantConv?(latents) ?? latents)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("encoder", &encoder)
    visitor.child("decoder", &decoder)
    visitor.child("quantConv", &quantConv)
    visitor.child("postQuantConv", &postQuantConv)
  }
}

extension AutoencoderKL {
  /// Images to the moments of their latents, `[batch, h, w, 2 · latentChannels]`.
  struct Encoder: Layer {
    var convIn: Convolution2D
    var downBlocks: [EncoderLevel]
    var midBlock: MidBlock
    var convNormOut: GroupNorm
    var convOut: Convolution2D

    init(_ configuration: Configuration, random: inout RandomStream) {
      let widths = configuration.channels
      convIn = Convolution2D(configuration.imageChannels, to: widths[0], random: &random)
      downBlocks = widths.indices.map { EncoderLevel($0, configuration, random: &random) }
      let innermost = widths[widths.count - 1]
      midBlock = MidBlock(innermost, configuration, random: &random)
      convNormOut = GroupNorm(groups: configuration.groups, channels: innermost, epsilon: 1e-6)
      convOut = Convolution2D(innermost, to: 2 * configuration.latentChannels, random: &random)
    }

    func callAsFunction(_ images: Tensor) -> Tensor {
      let hidden = downBlocks.reduce(convIn(images)) { $1($0) }
      return convOut(convNormOut.activated(midBlock(hidden)))
    }

    mutating func visit(_ visitor: inout some ModuleVisitor) {
      visitor.child("convIn", &convIn)
      visitor.children("downBlocks", &downBlocks)
      visitor.child("midBlock", &midBlock)
      visitor.child("convNormOut", &convNormOut)
      visitor.child("convOut", &convOut)
    }
  }

  /// Latents to images.
  struct Decoder: Layer {
    var convIn: Convolution2D
    var midBlock: MidBlock
    /// Innermost level first.
    var upBlocks: [DecoderLevel]
    var convNormOut: GroupNorm
    var convOut: Convolution2D

    init(_ configuration: Configuration, random: inout RandomStream) {
      let widths = configuration.channels
      let innermost = widths[widths.count - 1]
      convIn = Convolution2D(configuration.latentChannels, to: innermost, random: &random)
      midBlock = MidBlock(innermost, configuration, random: &random)
      upBlocks = widths.indices.reversed().map { DecoderLevel($0, configuration, random: &random) }
      convNormOut = GroupNorm(groups: configuration.groups, channels: widths[0], epsilon: 1e-6)
      convOut = Convolution2D(
        widths[0], to: configuration.decodedChannels ?? configuration.imageChannels, random: &random)
    }

    func callAsFunction(_ latents: Tensor) -> Tensor {
      let hidden = upBlocks.reduce(midBlock(convIn(latents))) { $1($0) }
      return convOut(convNormOut.activated(hidden))
    }

    mutating func visit(_ visitor: inout some ModuleVisitor) {
      visitor.child("convIn", &convIn)
      visitor.child("midBlock", &midBlock)
      visitor.children("upBlocks", &upBlocks)
      visitor.child("convNormOut", &convNormOut)
      visitor.child("convOut", &convOut)
    }
  }
}
