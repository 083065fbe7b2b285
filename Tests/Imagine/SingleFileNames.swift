import Foundation
import LineupFormats
import LineupLearning
import LineupTensors

/// Tensors of diffusers' folders under the names that a single file has for them: the way back of what is tested, worked out
/// from the numbers of levels and layers.
struct SingleFileNames {
  /// Blocks of each level on the way down.
  var layers: Int
  var levels: Int
  /// Whether each level has transformers, outermost first.
  var attends: [Bool]

  func unet(_ name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    let rest = Self.inner(parts.dropFirst(4))
    let outer: String
    switch (parts[0], parts[1], parts.count > 2 ? parts[2] : "") {
    case ("conv_in", _, _): outer = "input_blocks.0.0.\(parts[1])"
    case ("conv_norm_out", _, _): outer = "out.0.\(parts[1])"
    case ("conv_out", _, _): outer = "out.2.\(parts[1])"
    case ("time_embedding", let linear, let last): outer = "time_embed.\(linear == "linear_1" ? 0 : 2).\(last)"
    case ("mid_block", "attentions", _): outer = "middle_block.1.\(Self.inner(parts.dropFirst(3)))"
    case ("mid_block", _, let index): outer = "middle_block.\(index == "0" ? 0 : 2).\(Self.inner(parts.dropFirst(3)))"
    case ("down_blocks", let level, "downsamplers"):
      outer = "input_blocks.\((Int(level)! + 1) * (layers + 1)).0.op.\(parts[5])"
    case ("down_blocks", let level, let kind):
      let block = 1 + Int(level)! * (layers + 1) + Int(parts[3])!
      outer = "input_blocks.\(block).\(kind == "resnets" ? 0 : 1).\(rest)"
    case ("up_blocks", let level, "upsamplers"):
      let hasTransformer = attends[levels - 1 - Int(level)!]
      outer = "output_blocks.\((Int(level)! + 1) * (layers + 1) - 1).\(hasTransformer ? 2 : 1).conv.\(parts[5])"
    case (_, let level, let kind):
      outer = "output_blocks.\(Int(level)! * (layers + 1) + Int(parts[3])!).\(kind == "resnets" ? 0 : 1).\(rest)"
    }
    return "model.diffusion_model." + outer
  }

  private static func inner(_ parts: ArraySlice<String>) -> String {
    let names = [
      "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0",
      "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
    ]
    // Transformers have a norm1 and a norm2 of their own, further inside.
    return ([parts.first.map { names[$0] ?? $0 } ?? ""] + parts.dropFirst()).joined(separator: ".")
  }

  /// The autoencoder's, whose number of levels is its own; weights of its attention become 1×1 convolutions.
  static func autoencoder(_ name: String, _ value: Tensor, levels: Int) -> (name: String, value: Tensor) {
    var own = name
    for level in 0..<levels {
      own = own.replacingOccurrences(of: "decoder.up_blocks.\(level).", with: "decoder.up.\(levels - 1 - level).")
    }
    for (diffusers, single) in [
      ("down_blocks", "down"), ("mid_block.resnets.0", "mid.block_1"), ("mid_block.resnets.1", "mid.block_2"),
      ("mid_block.attentions.0", "mid.attn_1"), ("resnets", "block"), ("downsamplers.0", "downsample"),
      ("upsamplers.0", "upsample"), ("conv_shortcut", "nin_shortcut"), ("conv_norm_out", "norm_out"),
      ("group_norm", "norm"), ("to_out.0", "proj_out"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"),
    ] { own = own.replacingOccurrences(of: diffusers, with: single) }
    let isProjection = own.contains("attn_1") && value.rank == 2
    return ("first_stage_model." + own, isProjection ? value.reshaped(to: value.shape + [1, 1]) : value)
  }

  /// OpenCLIP's names for a text encoder of transformers, with a last layer more, whose weights must not matter.
  static func openCLIP(_ tensors: [(name: String, value: Tensor)], layers: Int) -> [(name: String, value: Tensor)] {
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.value) })
    let prefix = "cond_stage_model.model."
    var made = [
      (prefix + "positional_embedding", byName["embeddings.position_embedding.weight"]!),
      (prefix + "token_embedding.weight", byName["embeddings.token_embedding.weight"]!),
      (prefix + "text_projection", Tensor.ones([24, 24])), (prefix + "logit_scale", Tensor.ones([])),
    ]
    for kind in ["weight", "bias"] {
      made.append((prefix + "ln_final.\(kind)", byName["final_layer_norm.\(kind)"]!))
      for layer in 0...layers {
        let (from, to) = ("encoder.layers.\(min(layer, layers - 1))", prefix + "transformer.resblocks.\(layer)")
        func value(_ module: String) -> Tensor { byName["\(from).\(module).\(kind)"]! }
        made += [
          ("\(to).ln_1.\(kind)", value("layer_norm1")), ("\(to).ln_2.\(kind)", value("layer_norm2")),
          ("\(to).mlp.c_fc.\(kind)", value("mlp.fc1")), ("\(to).mlp.c_proj.\(kind)", value("mlp.fc2")),
          ("\(to).attn.out_proj.\(kind)", value("self_attn.out_proj")),
          (
            "\(to).attn.in_proj_\(kind)",
            concatenated(["q", "k", "v"].map { value("self_attn.\($0)_proj") }, along: 0)
          ),
        ]
      }
    }
    return made
  }
}
