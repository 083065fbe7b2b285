import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupStrictJSON

extension CLIPTextModel.Configuration {
  /// The `config.json` of a `CLIPTextModel` of this shape that reads a tokenizer's numbers.
  func transformersConfiguration(of tokenizer: ByteLevelBPETokenizer) -> JSONValue {
    [
      "architectures": ["CLIPTextModel"],
      "model_type": "clip_text_model",
      "vocab_size": .number(JSONNumber(vocabulary)),
      "max_position_embeddings": .number(JSONNumber(contextLength)),
      "hidden_size": .number(JSONNumber(width)),
      "num_hidden_layers": .number(JSONNumber(layers)),
      "num_attention_heads": .number(JSONNumber(heads)),
      "intermediate_size": .number(JSONNumber(hidden)),
      "hidden_act": .string(activation == .gelu ? "gelu" : "quick_gelu"),
      "layer_norm_eps": .float(epsilon),
      "bos_token_id": .number(JSONNumber(Int(tokenizer.start))),
      "eos_token_id": .number(JSONNumber(Int(tokenizer.end))),
      "pad_token_id": .number(JSONNumber(Int(tokenizer.padding))),
      "torch_dtype": "float32",
    ]
  }
}

extension ByteLevelBPETokenizer {
  /// The marks of a `CLIPTokenizer`. [special_tokens_map.json]
  var specialTokens: JSONValue {
    let filler = vocabulary.first { $0.value == padding }?.key ?? Self.endText
    return [
      "bos_token": .string(Self.startText), "eos_token": .string(Self.endText), "pad_token": .string(filler),
      "unk_token": .string(Self.endText),
    ]
  }

  /// The settings of a `CLIPTokenizer` that fills texts up to a length. [tokenizer_config.json]
  func transformersConfiguration(length: Int) -> JSONValue {
    let settings: JSONValue = [
      "tokenizer_class": "CLIPTokenizer", "model_max_length": .number(JSONNumber(length)), "do_lower_case": true,
      "add_prefix_space": false, "errors": "replace",
    ]
    return settings.patched(with: specialTokens)
  }
}
