import LineupKernels
import LineupTensors

/// The transformer that reads a caption: CLIP's text encoder (Radford et al. 2021), shaped as `CLIPTextModel`.
///
/// Every token sees itself and what comes before it. The condition of a diffusion model is the last hidden state after
/// the final normalisation, at all positions. The walk's names are those of `transformers` in camel case.
public struct CLIPTextModel: Module {
  /// What distinguishes one encoder's shape from another's.
  public struct Configuration: Sendable, Hashable {
    /// What stands between the two layers of each perceptron.
    public enum Activation: String, Sendable, Hashable {
      /// `x·σ(1.702x)`: OpenAI's encoders, Stable Diffusion 1.
      case quickGELU
      /// The exact function: OpenCLIP's encoders, Stable Diffusion 2.
      case gelu
    }

    /// The number of tokens. [vocab_size]
    package var vocabulary: Int
    /// The most tokens in a text. [max_position_embeddings]
    package var contextLength: Int
    /// Width of the features. [hidden_size]
    package var width: Int
    /// The number of transformer layers. [num_hidden_layers]
    package var layers: Int
    /// Heads of each attention. [num_attention_heads]
    package var heads: Int
    /// Width of the layer inside each perceptron.
    package var hidden: Int
    /// Between the two layers of each perceptron. [hidden_act]
    package var activation: Activation
    /// What layer normalisations add to the variance.
    package var epsilon: Float

    /// A shape; `hidden` is four times the width where it is not given.
    public init(
      vocabulary: Int, contextLength: Int = 77, width: Int, layers: Int, heads: Int, hidden: Int? = nil,
      activation: Activation = .quickGELU, epsilon: Float = 1e-5
    ) {
      (self.vocabulary, self.contextLength, self.width) = (vocabulary, contextLength, width)
      (self.layers, self.heads) = (layers, heads)
      self.hidden = hidden ?? 4 * width
      (self.activation, self.epsilon) = (activation, epsilon)
    }
  }

  /// The network's shape.
  package private(set) var configuration: Configuration
  var tokenEmbedding: Embedding
  var positionEmbedding: Embedding
  var layers: [CLIPTextLayer]
  var finalLayerNorm: LayerNorm

  /// A network of a shape, with weights that begin as the stream draws them.
  public init(_ configuration: Configuration, random: inout RandomStream) {
    self.configuration = configuration
    tokenEmbedding = Embedding(configuration.vocabulary, width: configuration.width, random: &random)
    positionEmbedding = Embedding(
      configuration.contextLength, width: configuration.width, initializer: .normal(deviation: 0.01), random: &random)
    layers = (0..<configuration.layers).map { _ in CLIPTextLayer(configuration, random: &random) }
    finalLayerNorm = LayerNorm(configuration.width, epsilon: configuration.epsilon)
  }

  /// The hidden states `[texts, length, width]` of texts as token numbers, all of one length.
  ///
  /// `skippingLast` leaves out so many of the last layers ("clip skip"); the final normalisation applies all the same.
  public func callAsFunction(_ tokens: [[Int32]], skippingLast: Int = 0) -> Tensor {
    let length = tokens.first?.count ?? 0
    require(
      length <= configuration.contextLength && tokens.allSatisfy { $0.count == length },
      "texts of \(tokens.map(\.count)) tokens do not fit an encoder of \(configuration.contextLength) positions")
    require(
      (0...layers.count).contains(skippingLast),
      "\(skippingLast) of \(layers.count) layers of a text encoder cannot be skipped")
    let words = tokenEmbedding(tokens.flatMap { $0 }).reshaped(to: [tokens.count, length, configuration.width])
    var hidden = words + positionEmbedding(Array(0..<Int32(length)))
    for layer in layers.dropLast(skippingLast) { hidden = layer(hidden) }
    return finalLayerNorm(hidden)
  }

  /// Adds tokens with the given rows `[tokens, width]` of the table, behind the vocabulary.
  public mutating func append(tokens rows: Tensor) {
    require(
      rows.rank == 2 && rows.shape[1] == configuration.width,
      "rows of shape \(rows.shape) do not fit a table of tokens that are \(configuration.width) wide")
    tokenEmbedding.weight = concatenated([tokenEmbedding.weight, rows], along: 0)
    configuration.vocabulary += rows.shape[0]
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.enter("textModel")
    visitor.enter("embeddings")
    visitor.child("tokenEmbedding", &tokenEmbedding)
    visitor.child("positionEmbedding", &positionEmbedding)
    visitor.leave()
    visitor.enter("encoder")
    visitor.children("layers", &layers)
    visitor.leave()
    visitor.child("finalLayerNorm", &finalLayerNorm)
    visitor.leave()
  }
}

/// One layer, normalised before attention and before the perceptron.
struct CLIPTextLayer: Module {
  var layerNorm1: LayerNorm
  var attention: MultiHeadAttention
  var layerNorm2: LayerNorm
  var expansion: Linear
  var contraction: Linear
  let activation: CLIPTextModel.Configuration.Activation

  init(_ configuration: CLIPTextModel.Configuration, random: inout RandomStream) {
    layerNorm1 = LayerNorm(configuration.width, epsilon: configuration.epsilon)
    attention = MultiHeadAttention(
      width: configuration.width, heads: configuration.heads, biased: true, random: &random)
    layerNorm2 = LayerNorm(configuration.width, epsilon: configuration.epsilon)
    expansion = Linear(configuration.width, to: configuration.hidden, random: &random)
    contraction = Linear(configuration.hidden, to: configuration.width, random: &random)
    activation = configuration.activation
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    let attended = input + attention(layerNorm1(input), mask: .causal)
    let expanded = expansion(layerNorm2(attended))
    return attended + contraction(activation == .gelu ? gelu(expanded) : quickGELU(expanded))
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("layerNorm1", &layerNorm1)
    visitor.enter("selfAttn")
    visitor.child("qProj", &attention.toQuery)
    visitor.child("kProj", &attention.toKey)
    visitor.child("vProj", &attention.toValue)
    visitor.child("outProj", &attention.toOutput)
    visitor.leave()
    visitor.child("layerNorm2", &layerNorm2)
    visitor.enter("mlp")
    visitor.child("fc1", &expansion)
    visitor.child("fc2", &contraction)
    visitor.leave()
  }
}
