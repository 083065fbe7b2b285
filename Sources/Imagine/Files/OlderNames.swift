import LineupFormats

/// Views of the folders' tensors for names that libraries had at other times.
enum OlderNames {
  /// An autoencoder whose attention may be called `query`, `key`, `value` and `proj_attn`, as diffusers wrote it before
  /// 2023, and whose projections may be 1×1 convolutions.
  static func autoencoder(_ source: any TensorSource) throws -> any TensorSource {
    try RenamedTensors(source) { entry in
      var parts = entry.name.split(separator: ".").map(String.init)
      guard parts.count > 2, parts.contains("attentions") else { return [.init(entry.name, shape: entry.shape)] }
      let place = parts.count - 2
      parts[place] = projections[parts[place]] ?? parts[place]
      return [.init(parts.joined(separator: "."), shape: withoutTaps(entry.shape))]
    }
  }

  private static let projections = ["query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"]

  /// The shape of a linear layer, for one that a file keeps as a 1×1 convolution.
  static func withoutTaps(_ shape: [Int]) -> [Int] {
    shape.count == 4 && shape[2...] == [1, 1] ? Array(shape.prefix(2)) : shape
  }

  /// A text encoder whose names may lack their first part, as transformers writes them since version 5, and that may hold
  /// the numbers of its positions.
  static func textEncoder(_ source: any TensorSource) throws -> any TensorSource {
    try RenamedTensors(source) { entry in
      if entry.name.hasSuffix("embeddings.position_ids") { return [] }
      let name = entry.name.hasPrefix("text_model.") ? entry.name : "text_model." + entry.name
      return [.init(name, shape: entry.shape)]
    }
  }
}
