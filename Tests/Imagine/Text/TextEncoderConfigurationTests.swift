import Foundation
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct TextEncoderConfigurationTests {
  private func configuration(_ text: String) throws -> CLIPTextModel.Configuration {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
      return try .init(transformers: folder + "/config.json")
    }
  }

  @Test func anEmptyFileHasTheDefaultsOfTheClass() throws {
    #expect(
      try configuration("{}")
        == .init(vocabulary: 49408, contextLength: 77, width: 512, layers: 12, heads: 8, hidden: 2048))
  }

  @Test func theFileIsRead() throws {
    let text = """
      {"architectures": ["CLIPTextModel"], "model_type": "clip_text_model", "hidden_act": "gelu", "hidden_size": 1024,
      "intermediate_size": 4096, "layer_norm_eps": 1e-3, "max_position_embeddings": 64, "num_attention_heads": 16,
      "num_hidden_layers": 23, "vocab_size": 49409, "torch_dtype": "float32", "dropout": 0.0, "projection_dim": 512}
      """
    #expect(
      try configuration(text)
        == .init(
          vocabulary: 49409, contextLength: 64, width: 1024, layers: 23, heads: 16, hidden: 4096, activation: .gelu,
          epsilon: 1e-3))
  }

  @Test func everythingThatDoesNotFitIsSaidAtOnce() throws {
    let text = """
      {"model_type": "roberta", "hidden_act": "relu", "hidden_size": 10, "num_attention_heads": 4,
      "use_attention_mask": true, "layer_norm_eps": 0}
      """
    let error = #expect(throws: DiffusersConfigurationError.self) { try configuration(text) }
    let message = error?.description ?? ""
    for key in ["model_type", "hidden_act", "num_attention_heads", "use_attention_mask", "layer_norm_eps"] {
      #expect(message.contains("\(key): found"), "\(message)")
    }
  }

  /// The small number in the normalisations is the file's.
  @Test func theEpsilonCounts() {
    func states(_ epsilon: Float) -> [Float] {
      var random = RandomStream(seed: 1)
      return CLIPTextModel(
        .init(vocabulary: 9, width: 8, layers: 1, heads: 2, epsilon: epsilon), random: &random)([[1, 2]]).values
    }
    #expect(states(1e-5) != states(1e-1))
  }
}
