import LineupFormats
import LineupLearning

/// The autoencoder's names in a single file. Its decoder counts the levels outermost first, other than diffusers'.
enum SingleFileAutoencoder {
  static let prefix = "first_stage_model."

  /// The file's autoencoder under diffusers' names; tensors that have none there keep theirs. Networks that only its
  /// training used are left out.
  static func tensors(_ file: any TensorSource, prefix: String = prefix) throws -> RenamedTensors {
    let names = file.entries.map(\.name).filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
    let levels = (names.compactMap { level(of: $0) }.max() ?? -1) + 1
    return try RenamedTensors(file) { entry in
      guard entry.name.hasPrefix(prefix) else { return [] }
      let parts = entry.name.dropFirst(prefix.count).split(separator: ".").map(String.init)
      if ["loss", "model_ema"].contains(parts.first) { return [] }
      let name = name(parts, levels: levels)
      let isProjection = name.contains(".attentions.")
      return [.init(name, shape: isProjection ? OlderNames.withoutTaps(entry.shape) : entry.shape)]
    }
  }

  /// The level in `decoder.up.LEVEL…`.
  private static func level(of name: Substring) -> Int? {
    let parts = name.split(separator: ".")
    return parts.count > 2 && parts[1] == "up" ? Int(parts[2]) : nil
  }

  private static let attention = [
    "norm": "group_norm", "q": "to_q", "k": "to_k", "v": "to_v", "proj_out": "to_out.0",
  ]
  private static let other = ["nin_shortcut": "conv_shortcut", "norm_out": "conv_norm_out"]

  private static func name(_ parts: [String], levels: Int) -> String {
    var (result, rest) = ([String](), parts[...])
    while let part = rest.popFirst() {
      switch (part, rest.first) {
      case ("down", let level?):
        result += ["down_blocks", level]
        rest.removeFirst()
      case ("up", let level?):
        result += ["up_blocks", Int(level).map { String(levels - 1 - $0) } ?? level]
        rest.removeFirst()
      case ("block", _): result.append("resnets")
      case ("attn", _): result.append("attentions")
      case ("downsample", _): result += ["downsamplers", "0"]
      case ("upsample", _): result += ["upsamplers", "0"]
      case ("mid", _): result.append("mid_block")
      case ("block_1", _): result += ["resnets", "0"]
      case ("block_2", _): result += ["resnets", "1"]
      case ("attn_1", _): result += ["attentions", "0"]
      default: result.append((result.contains("attentions") ? attention[part] : nil) ?? other[part] ?? part)
      }
    }
    return result.joined(separator: ".")
  }
}
