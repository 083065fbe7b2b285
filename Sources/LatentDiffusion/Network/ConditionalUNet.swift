import Kernels
import Layers
import Tensors

/// The U-Net of latent diffusion, conditioned on a noise level and on a text: diffusers' `UNet2DConditionModel`, layer for
/// layer (Rombach et al. 2022). The walk's names are its names in camel case.
public struct ConditionalUNet: Module {
  /// What distinguishes one U-Net's shape from another's; the names in `config.json` are given in brackets.
  public struct Configuration: Sendable, Hashable {
    /// [in_channels, out_channels]
    public var inputs: Int
    public var outputs: Int
    /// Widths of the levels, outermost first; the resolution halves between them. [block_out_channels]
    public var channels: [Int]
    /// Residual blocks in each level on the way down; one more on the way up. [layers_per_block]
    public var layersPerBlock: Int
    /// Whether each level has transformers; in Stable Diffusion all but the last. The middle always has one.
    /// [down_block_types]
    public var attends: [Bool]
    /// The number of heads in each level. [attention_head_dim, which is not the width of a head despite its name]
    public var heads: [Int]
    /// Width of the text's features. [cross_attention_dim]
    public var contextWidth: Int
    /// [norm_num_groups, norm_eps]
    public var groups: Int
    public var normEpsilon: Float
    /// Layers of each transformer. [transformer_layers_per_block]
    public var transformerLayers: Int

    /// Width of the time embedding.
    public var timeWidth: Int { 4 * channels[0] }

    public init(
      inputs: Int = 4, outputs: Int = 4, channels: [Int], layersPerBlock: Int, attends: [Bool]? = nil, heads: [Int],
      contextWidth: Int, groups: Int = 32, normEpsilon: Float = 1e-5, transformerLayers: Int = 1
    ) {
      (self.inputs, self.outputs, self.channels) = (inputs, outputs, channels)
      self.layersPerBlock = layersPerBlock
      self.attends = attends ?? channels.map { _ in true }
      (self.heads, self.contextWidth, self.groups) = (heads, contextWidth, groups)
      self.normEpsilon = normEpsilon
      self.transformerLayers = transformerLayers
      require(
        !channels.isEmpty && heads.count == channels.count && self.attends.count == channels.count,
        "a U-Net of \(channels.count) levels needs as many numbers of heads (\(heads)) and flags (\(self.attends))")
    }
  }

  public let configuration: Configuration
  var convIn: Convolution2D
  var timeEmbedding1: Linear
  var timeEmbedding2: Linear
  var downStages: [DownStage]
  var middle: MiddleStage
  var upStages: [UpStage]
  var normOut: GroupNorm
  var convOut: Convolution2D

  public init(_ configuration: Configuration, random: inout RandomStream) {
    self.configuration = configuration
    let channels = configuration.channels
    convIn = Convolution2D(configuration.inputs, to: channels[0], random: &random)
    timeEmbedding1 = Linear(channels[0], to: configuration.timeWidth, random: &random)
    timeEmbedding2 = Linear(configuration.timeWidth, to: configuration.timeWidth, random: &random)

    var skips = [channels[0]]
    var downStages: [DownStage] = []
    for level in channels.indices {
      downStages.append(
        DownStage(level: level, inputs: channels[max(level - 1, 0)], configuration, random: &random))
      let pushed = configuration.layersPerBlock + (level == channels.count - 1 ? 0 : 1)
      skips += [Int](repeating: channels[level], count: pushed)
    }
    self.downStages = downStages
    middle = MiddleStage(configuration, random: &random)
    var upStages: [UpStage] = []
    for level in channels.indices.reversed() {
      let inputs = channels[min(level + 1, channels.count - 1)]
      upStages.append(UpStage(level: level, inputs: inputs, popping: &skips, configuration, random: &random))
    }
    self.upStages = upStages
    normOut = GroupNorm(groups: configuration.groups, channels: channels[0], epsilon: configuration.normEpsilon)
    convOut = Convolution2D(channels[0], to: configuration.outputs, initializer: .zeros, random: &random)
  }

  /// The prediction for noisy latents.
  ///
  /// - Parameters:
  ///   - latents: `[batch, height, width, inputs]`.
  ///   - times: the timestep of each image.
  ///   - context: the text's features, `[batch, tokens, contextWidth]`.
  /// - Returns: `[batch, height, width, outputs]`.
  public func callAsFunction(_ latents: Tensor, at times: [Float], context: Tensor) -> Tensor {
    require(
      times.count == latents.shape[0] && context.shape[0] == latents.shape[0],
      "\(latents.shape[0]) latents came with \(times.count) times and \(context.shape[0]) texts")
    let sinusoid = sinusoidalEmbedding(times, width: configuration.channels[0], order: .cosineFirst, shift: 0)
    let time = silu(timeEmbedding2(silu(timeEmbedding1(sinusoid))))
    var hidden = convIn(latents)
    var skips = [hidden]
    for stage in downStages { hidden = stage(hidden, time: time, context: context, pushing: &skips) }
    hidden = middle(hidden, time: time, context: context)
    for stage in upStages { hidden = stage(hidden, time: time, context: context, popping: &skips) }
    return convOut(silu(normOut(hidden)))
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("convIn", &convIn)
    visitor.enter("timeEmbedding")
    visitor.child("linear_1", &timeEmbedding1)
    visitor.child("linear_2", &timeEmbedding2)
    visitor.leave()
    visitor.children("downBlocks", &downStages)
    visitor.child("midBlock", &middle)
    visitor.children("upBlocks", &upStages)
    visitor.child("convNormOut", &normOut)
    visitor.child("convOut", &convOut)
  }
}
