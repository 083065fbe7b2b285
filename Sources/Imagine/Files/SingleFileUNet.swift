import LineupFormats

/// The U-Net's names in a single file: blocks are counted through all levels, and what a block holds, a residual block, a
/// transformer or a change of the resolution, shows in the names inside it.
package struct SingleFileUNet {
  static let prefix = "model.diffusion_model."

  /// The file's U-Net under diffusers' names; tensors that have none there keep theirs.
  package static func tensors(_ file: any TensorSource) throws -> RenamedTensors {
    let names = SingleFileUNet(file.entries.map(\.name).filter { $0.hasPrefix(prefix) })
    return try RenamedTensors(file) { entry in
      guard entry.name.hasPrefix(prefix) else { return [] }
      return [.init(names.name(of: entry.name) ?? entry.name, shape: entry.shape)]
    }
  }

  private enum Kind { case residual, transformer, halving, doubling }

  /// What stands for the first parts of a name, such as `input_blocks.3.0`.
  private var prefixes = [
    "time_embed.0": "time_embedding.linear_1", "time_embed.2": "time_embedding.linear_2", "out.0": "conv_norm_out",
    "out.2": "conv_out", "input_blocks.0.0": "conv_in", "label_emb": "class_embedding",
  ]
  private var kinds: [String: Kind] = [:]

  private init(_ names: [String]) {
    for name in names {
      let parts = Self.parts(name)
      guard let kind = Self.kind(parts) else { continue }
      kinds[parts.prefix(parts[0] == "middle_block" ? 2 : 3).joined(separator: ".")] = kind
    }
    mapDown()
    mapMiddle()
    mapUp()
  }

  /// The parts of a name after the prefix.
  private static func parts(_ name: String) -> [String] {
    name.dropFirst(prefix.count).split(separator: ".").map(String.init)
  }

  /// What a name's module is, by its first part inside its block.
  private static func kind(_ parts: [String]) -> Kind? {
    let place = parts.first == "middle_block" ? 2 : 3
    guard parts.count > place, ["input_blocks", "middle_block", "output_blocks"].contains(parts[0]) else { return nil }
    switch parts[place] {
    case "in_layers": return .residual
    case "proj_in": return .transformer
    case "op": return .halving
    case "conv": return .doubling
    default: return nil
    }
  }

  /// The modules of a block in order.
  private func modules(_ block: String) -> [(path: String, kind: Kind)] {
    (0..<4).compactMap { index in kinds["\(block).\(index)"].map { ("\(block).\(index)", $0) } }
  }

  private mutating func mapDown() {
    var (level, layer, block) = (0, 0, 1)
    while case let modules = modules("input_blocks.\(block)"), !modules.isEmpty {
      for (path, kind) in modules {
        switch kind {
        case .residual: prefixes[path] = "down_blocks.\(level).resnets.\(layer)"
        case .transformer: prefixes[path] = "down_blocks.\(level).attentions.\(layer)"
        case .halving, .doubling: prefixes[path] = "down_blocks.\(level).downsamplers.0"
        }
      }
      layer += 1
      if modules.contains(where: { $0.kind == .halving }) { (level, layer) = (level + 1, 0) }
      block += 1
    }
  }

  private mutating func mapMiddle() {
    var (residuals, transformers) = (0, 0)
    for (path, kind) in modules("middle_block") {
      if kind == .transformer {
        prefixes[path] = "mid_block.attentions.\(transformers)"
        transformers += 1
      } else {
        prefixes[path] = "mid_block.resnets.\(residuals)"
        residuals += 1
      }
    }
  }

  private mutating func mapUp() {
    var (level, layer, block) = (0, 0, 0)
    while case let modules = modules("output_blocks.\(block)"), !modules.isEmpty {
      for (path, kind) in modules {
        switch kind {
        case .residual: prefixes[path] = "up_blocks.\(level).resnets.\(layer)"
        case .transformer: prefixes[path] = "up_blocks.\(level).attentions.\(layer)"
        case .doubling, .halving: prefixes[path] = "up_blocks.\(level).upsamplers.0"
        }
      }
      layer += 1
      if modules.contains(where: { $0.kind == .doubling }) { (level, layer) = (level + 1, 0) }
      block += 1
    }
  }

  /// Inside residual blocks and where the resolution halves.
  private static let inner = [
    "in_layers.0": "norm1", "in_layers.2": "conv1", "emb_layers.1": "time_emb_proj", "out_layers.0": "norm2",
    "out_layers.3": "conv2", "skip_connection": "conv_shortcut", "op": "conv",
  ]

  /// diffusers' name, or nil where the file's follows no rule.
  private func name(of name: String) -> String? {
    let parts = Self.parts(name)
    for length in 1...3 where length < parts.count {
      guard let prefix = prefixes[parts.prefix(length).joined(separator: ".")] else { continue }
      let rest = parts.dropFirst(length)
      for innerLength in 1...2 where innerLength < rest.count {
        if let inner = Self.inner[rest.prefix(innerLength).joined(separator: ".")] {
          return ([prefix, inner] + rest.dropFirst(innerLength)).joined(separator: ".")
        }
      }
      return ([prefix] + rest).joined(separator: ".")
    }
    return nil
  }
}
