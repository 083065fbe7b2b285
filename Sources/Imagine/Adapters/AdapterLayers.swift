import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupTensors

/// The layers of a checkpoint's networks that adapters can change, under all names that files give them. The names are made
/// from the model's own, because underscores cannot be told from dots by looking at a key.
struct AdapterLayers {
  enum Network: Hashable { case unet, text }

  /// A linear layer or a convolution.
  struct Layer: Hashable {
    var network: Network
    /// The name of its weight in the walk.
    var weight: String
    /// Its name in diffusers or transformers, behind `unet.` or `text_encoder.`.
    var module: String
    /// `[inputs, outputs]` or `[height, width, inputs, outputs]`.
    var shape: [Int]
  }

  private var layers: [String: Layer] = [:]

  init(unet: UNet2DConditionModel, text: CLIPTextModel) {
    let original = LatentDiffusionNames(unet.configuration)
    for (module, layer) in Self.found(in: unet, .unet, prefix: "unet.") {
      add(layer, "unet." + module, module, Self.underscored("lora_unet_", module))
      if let processor = Self.processor(module) { add(layer, "unet." + processor, processor) }
      if let name = original.name(of: module) { add(layer, Self.underscored("lora_unet_", name)) }
    }
    for (module, layer) in Self.found(in: text, .text, prefix: "text_encoder.") {
      // Transformers 5 leaves out the prefix.
      let short = String(module.dropFirst("text_model.".count))
      add(layer, "text_encoder." + module, "text_encoder." + short, module, short)
      add(layer, Self.underscored("lora_te_", module), Self.underscored("lora_te1_", module))
      if let projection = Self.projection(module) { add(layer, "text_encoder." + projection) }
    }
  }

  /// The layer that a key begins with, and the rest of the key.
  func layer(of key: String) -> (Layer, rest: Substring)? {
    let prefix = "base_model.model."
    let key = key.hasPrefix(prefix) ? key.dropFirst(prefix.count) : key[...]
    for dot in key.indices where key[dot] == "." {
      if let layer = layers[String(key[..<dot])] { return (layer, key[key.index(after: dot)...]) }
    }
    return nil
  }

  private mutating func add(_ layer: Layer, _ names: String...) {
    for name in names { layers[name] = layer }
  }

  private static func found(
    in module: some Module, _ network: Network, prefix: String
  ) -> [(module: String, layer: Layer)] {
    module.tensors.compactMap { tensor in
      let parts = tensor.name.split(separator: ".")
      let isTable = parts.count > 1 && parts[parts.count - 2].hasSuffix("Embedding")
      guard parts.last == "weight", !isTable, [2, 4].contains(tensor.value.rank) else { return nil }
      let module = String(DiffusersNames.plain.name(of: tensor.name).dropLast(".weight".count))
      return (
        module, Layer(network: network, weight: tensor.name, module: prefix + module, shape: tensor.value.shape)
      )
    }
  }

  /// `lora_unet_down_blocks_0_…`, as sd-scripts writes.
  private static func underscored(_ prefix: String, _ module: String) -> String {
    prefix + String(module.map { $0 == "." ? "_" : $0 })
  }

  /// `….attn1.processor.to_q_lora`, as diffusers wrote before it used PEFT.
  private static func processor(_ module: String) -> String? {
    var parts = module.split(separator: ".").map(String.init)
    if parts.suffix(2) == ["to_out", "0"] { parts.removeLast() }
    guard parts.count > 1, ["attn1", "attn2"].contains(parts[parts.count - 2]) else { return nil }
    return (parts.dropLast() + ["processor", parts[parts.count - 1] + "_lora"]).joined(separator: ".")
  }

  /// `….self_attn.to_q_lora`, the same for the text encoder.
  private static func projection(_ module: String) -> String? {
    let parts = module.split(separator: ".").map(String.init)
    guard parts.count > 1, parts[parts.count - 2] == "self_attn", let last = parts.last else { return nil }
    return (parts.dropLast() + ["to_\(last.prefix { $0 != "_" })_lora"]).joined(separator: ".")
  }
}
