import LineupFamilies
import LineupFormats
import LineupNetworks

/// The names that layers of a U-Net have in the original code of latent diffusion (Rombach et al. 2022), whose blocks are
/// numbered through: the way down is `input_blocks`, the way up `output_blocks`.
struct LatentDiffusionNames {
  /// Residual blocks of each level on the way down, outermost first.
  private let layers: [Int]
  /// Whether the blocks of each level on the way up attend, innermost first.
  private let attendsUp: [Bool]

  init(_ configuration: UNet2DConditionModel.Configuration) {
    layers = configuration.network.layers
    attendsUp = configuration.up.reversed().map { $0.contains { $0 != nil } }
  }

  /// The original name of a layer that diffusers gives this name; nil for layers that the original does not have.
  func name(of module: String) -> String? {
    let parts = module.split(separator: ".").map(String.init)
    switch parts[0] {
    case "conv_in": return "input_blocks.0.0"
    case "conv_out": return "out.2"
    case "time_embedding": return parts[1] == "linear_1" ? "time_embed.0" : "time_embed.2"
    case "mid_block": return middle(parts)
    case "down_blocks", "up_blocks": return level(parts)
    default: return nil
    }
  }

  private func middle(_ parts: [String]) -> String? {
    guard let index = Int(parts[2]) else { return nil }
    return parts[1] == "resnets"
      ? "middle_block.\(2 * index)." + residual(parts[3]) : (["middle_block.1"] + parts[3...]).joined(separator: ".")
  }

  private func level(_ parts: [String]) -> String? {
    guard let level = Int(parts[1]), let layer = Int(parts[3]) else { return nil }
    let isDown = parts[0] == "down_blocks"
    // A level has its residual blocks and, apart from the innermost, one that halves; on the way up one block more.
    let counts = isDown ? layers : layers.reversed()
    let first = counts.prefix(level).reduce(isDown ? 1 : 0) { $0 + $1 + 1 }
    let blocks = isDown ? "input_blocks" : "output_blocks"
    switch parts[2] {
    case "resnets": return "\(blocks).\(first + layer).0." + residual(parts[4])
    case "attentions": return (["\(blocks).\(first + layer).1"] + parts[4...]).joined(separator: ".")
    case "downsamplers": return "\(blocks).\(first + counts[level]).0.op"
    default: return "\(blocks).\(first + counts[level]).\(attendsUp[level] ? 2 : 1).conv"
    }
  }

  private func residual(_ layer: String) -> String {
    switch layer {
    case "conv1": "in_layers.2"
    case "time_emb_proj": "emb_layers.1"
    case "conv2": "out_layers.3"
    default: "skip_connection"
    }
  }
}
