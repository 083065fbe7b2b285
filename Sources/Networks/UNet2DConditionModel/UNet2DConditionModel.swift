import LineupKernels
import LineupTensors

/// The U-Net of latent diffusion, conditioned on a noise level and on a text: diffusers' `UNet2DConditionModel`, layer for
/// layer (Rombach et al. 2022). The walk's names are its names in camel case.
public struct UNet2DConditionModel: Module {
  /// What distinguishes one U-Net's shape from another's; names of `config.json` are given in brackets.
  public struct Configuration: Sendable, Hashable {
    package var network: UNetConfiguration
    /// For each level, outermost first, the mixer behind each of its residual blocks; on the way up there is one block
    /// more. All blocks of a level have one or none has. [down_block_types, up_block_types]
    package var down: [[LevelAttention.Kind?]]
    package var middle: LevelAttention.Kind?
    package var up: [[LevelAttention.Kind?]]
    /// Whether a file keeps the projections around transformers as linear layers, not as 1×1 convolutions.
    /// [use_linear_projection]
    package var linearProjection = false

    /// The shape of Stable Diffusion's networks.
    ///
    /// - Parameters:
    ///   - inputs: channels of the latents. [in_channels]
    ///   - outputs: channels of the prediction. [out_channels]
    ///   - channels: widths of the levels, outermost first. [block_out_channels]
    ///   - layersPerBlock: residual blocks in each level on the way down. [layers_per_block]
    ///   - attends: whether each level has transformers; the middle always has one.
    ///   - heads: the number of heads in each level. [attention_head_dim, which is no width despite its name]
    ///   - contextWidth: width of the text's features. [cross_attention_dim]
    ///   - groups: groups of the normalisations. [norm_num_groups]
    ///   - normEpsilon: [norm_eps]
    ///   - transformerLayers: layers of each transformer. [transformer_layers_per_block]
    public init(
      inputs: Int = 4, outputs: Int = 4, channels: [Int], layersPerBlock: Int, attends: [Bool]? = nil, heads: [Int],
      contextWidth: Int, groups: Int = 32, normEpsilon: Float = 1e-5, transformerLayers: Int = 1
    ) {
      let attends = attends ?? channels.map { _ in true }
      require(
        heads.count == channels.count && attends.count == channels.count,
        "a U-Net of \(channels.count) levels needs as many numbers of heads (\(heads)) and flags (\(attends))")
      network = UNetConfiguration(
        inputs: inputs, outputs: outputs, channels: channels, layersPerBlock: layersPerBlock, groups: groups,
        epsilon: normEpsilon)
      func kind(_ level: Int) -> LevelAttention.Kind {
        .text(.init(heads: heads[level], contextWidth: contextWidth, layers: transformerLayers))
      }
      down = channels.indices.map { .init(repeating: attends[$0] ? kind($0) : nil, count: layersPerBlock) }
      middle = kind(channels.count - 1)
      up = channels.indices.map { .init(repeating: attends[$0] ? kind($0) : nil, count: layersPerBlock + 1) }
    }

    /// A shape said member by member.
    package init(
      network: UNetConfiguration, down: [[LevelAttention.Kind?]], middle: LevelAttention.Kind?,
      up: [[LevelAttention.Kind?]], linearProjection: Bool
    ) {
      (self.network, self.down, self.middle, self.up) = (network, down, middle, up)
      self.linearProjection = linearProjection
    }
  }

  package let configuration: Configuration
  var backbone: UNetBackbone<LevelAttention>

  /// A network of a shape, with weights that begin as the stream draws them.
  public init(_ configuration: Configuration, random: inout RandomStream) {
    self.configuration = configuration
    let network = configuration.network
    backbone = UNetBackbone(
      network,
      mixer: { place, random in
        LevelAttention.mixer(
          at: place, of: (configuration.down, configuration.middle, configuration.up), network, random: &random)
      }, random: &random)
  }

  /// The prediction for noisy latents.
  ///
  /// - Parameters:
  ///   - latents: `[batch, height, width, inputs]`.
  ///   - times: the timestep of each image.
  ///   - context: the text's features, `[batch, tokens, contextWidth]`.
  ///   - classLabels: the class of each image, needed by networks with a table of classes and by no others. The upscaler's
  ///     is the noise level of the small image. [num_class_embeds]
  ///   - control: what ControlNets add to the intermediate results.
  /// - Returns: `[batch, height, width, outputs]`.
  public func callAsFunction(
    _ latents: Tensor, at times: [Float], context: Tensor, classLabels: [Int]? = nil, control: ControlResiduals? = nil
  ) -> Tensor {
    require(
      context.shape[0] == latents.shape[0],
      "\(latents.shape[0]) latents came with \(context.shape[0]) texts")
    return backbone(latents, at: times, context: context, classLabels: classLabels, control: control)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) { backbone.visit(&visitor) }
}
