import LineupFormats

/// The text encoder's names in a single file: those of transformers in the first release, those of OpenCLIP in the second,
/// where queries, keys and values are one tensor.
enum SingleFileText {
  static let prefix = "cond_stage_model."
  private static let openCLIP = "cond_stage_model.model."

  /// The file's text encoder under the names of transformers; tensors that have none there keep theirs.
  static func tensors(_ file: any TensorSource) throws -> any TensorSource {
    if file.entries.contains(where: { $0.name.hasPrefix(openCLIP) }) {
      return try RenamedTensors(file) { entry in
        entry.name.hasPrefix(prefix) ? parts(String(entry.name.dropFirst(openCLIP.count)), entry) : []
      }
    }
    let transformers = prefix + "transformer."
    return try OlderNames.textEncoder(
      RenamedTensors(file) { entry in
        // What compares texts with pictures is left out.
        let further = ["logit_scale", "text_projection.weight", "text_projection"]
        let isFurther = further.contains { entry.name == prefix + $0 || entry.name == transformers + $0 }
        guard entry.name.hasPrefix(prefix), !isFurther else { return [] }
        let isNamed = entry.name.hasPrefix(transformers)
        return [.init(isNamed ? String(entry.name.dropFirst(transformers.count)) : entry.name, shape: entry.shape)]
      })
  }

  /// The number of the layer that a tensor of an encoder belongs to.
  static func layer(of name: String) -> Int? {
    let parts = name.split(separator: ".")
    return parts.count > 3 && parts[1] == "encoder" && parts[2] == "layers" ? Int(parts[3]) : nil
  }

  private static let outside = [
    "token_embedding.weight": "embeddings.token_embedding.weight",
    "positional_embedding": "embeddings.position_embedding.weight", "ln_final.weight": "final_layer_norm.weight",
    "ln_final.bias": "final_layer_norm.bias",
  ]
  private static let inside = [
    "ln_1": "layer_norm1", "ln_2": "layer_norm2", "attn.out_proj": "self_attn.out_proj", "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
  ]

  /// What becomes of OpenCLIP's tensor `name`. What compares texts with pictures is left out.
  private static func parts(_ name: String, _ entry: TensorEntry) -> [RenamedTensors.Part] {
    if ["text_projection", "logit_scale", "attn_mask", "visual."].contains(where: name.hasPrefix) { return [] }
    if let own = outside[name] { return [.init("text_model." + own, shape: entry.shape)] }
    let pieces = name.split(separator: ".").map(String.init)
    guard pieces.count > 4, pieces[0] == "transformer", pieces[1] == "resblocks" else {
      return [.init(entry.name, shape: entry.shape)]
    }
    let layer = "text_model.encoder.layers.\(pieces[2])"
    let module = pieces[3..<pieces.count - 1].joined(separator: ".")
    if module == "attn", let last = pieces.last, last.hasPrefix("in_proj_") {
      return ["q", "k", "v"].enumerated().map { index, kind in
        .init("\(layer).self_attn.\(kind)_proj.\(last.dropFirst("in_proj_".count))", index: index, of: 3, entry: entry)
      }
    }
    return [.init(inside[module].map { "\(layer).\($0).\(pieces.last!)" } ?? entry.name, shape: entry.shape)]
  }
}
