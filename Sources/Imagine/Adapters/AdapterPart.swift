/// The parts of an adapter for one layer.
enum AdapterPart: Hashable {
  case down
  case up
  case alpha
  /// The length of each output's weights. [lora_magnitude_vector]
  case magnitude
  /// The same as LyCORIS keeps it, where it may be the length of each input's weights instead. [dora_scale]
  case decomposition

  /// By what follows the layer's name in a key, such as `lora_A.weight`, `lora_A.NAME.weight` with the name of the adapter,
  /// `lora_down.weight`, `lora.down.weight` or `alpha`; nil for other parts.
  init?(_ rest: Substring) {
    var words = rest.split(separator: ".")
    if words.first == "lora" || words.first == "lora_linear_layer" { words.removeFirst() }
    if words.count > 1, words.last == "weight" { words.removeLast() }
    if words.count == 2, ["lora_A", "lora_B", "lora_magnitude_vector"].contains(words[0]) { words.removeLast() }
    guard words.last != "alpha" else {
      self = .alpha
      return
    }
    switch words.joined(separator: ".") {
    case "lora_down", "lora_A", "down": self = .down
    case "lora_up", "lora_B", "up": self = .up
    case "lora_magnitude_vector": self = .magnitude
    case "dora_scale": self = .decomposition
    default: return nil
    }
  }
}
