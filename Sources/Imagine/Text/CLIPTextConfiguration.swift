import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

extension CLIPTextModel.Configuration {
  /// `hidden_act` of transformers.
  private enum HiddenActivation: String, CaseIterable {
    case quickGELU = "quick_gelu"
    case gelu
  }

  /// Reads a text encoder's `config.json`, a `CLIPTextConfig` of transformers with the defaults of that class.
  ///
  /// What shapes the encoder is checked, and all that does not fit is in one error; the many other keys say nothing here.
  package init(transformers path: String) throws(DiffusersConfigurationError) {
    var reader = DiffusersConfigurationReader(
      try DiffusersConfiguration(path: path, className: "CLIPTextModel"))
    reader.demand("model_type", text: "clip_text_model")
    // Padding is attended to, as the checkpoints were trained.
    reader.demandFalse("use_attention_mask")
    self.init(
      vocabulary: reader.integer("vocab_size", default: 49408),
      contextLength: reader.integer("max_position_embeddings", default: 77, in: 3...1_000_000),
      width: reader.integer("hidden_size", default: 512),
      layers: reader.integer("num_hidden_layers", default: 12, in: DiffusersConfigurationReader.layerCounts),
      heads: reader.integer("num_attention_heads", default: 8),
      hidden: reader.integer("intermediate_size", default: 2048),
      activation: reader.choice("hidden_act", default: HiddenActivation.quickGELU) == .gelu ? .gelu : .quickGELU,
      epsilon: reader.number("layer_norm_eps", default: 1e-5, positive: true))
    if width % heads != 0 {
      reader.reject("num_attention_heads", expected: "a divisor of hidden_size, \(width)")
    }
    reader.ignoreOthers()
    try reader.finish()
  }
}
