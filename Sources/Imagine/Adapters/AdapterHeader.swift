import LineupFormats
import LineupNetworks
import LineupStrictJSON
import LineupSupport

/// What diffusers writes into the header of an adapter's file: the settings of PEFT's `LoraConfig`, each under
/// `unet.NAME` or `text_encoder.NAME`. Their alphas stand nowhere else.
struct AdapterHeader {
  /// α and what it is divided by.
  struct Alpha {
    var value: Float
    /// Whether by the square root of the rank (Kalajdzievski 2023). [use_rslora]
    var isRankStabilised: Bool

    func factor(rank: Int) -> Float {
      value / (isRankStabilised ? Float(rank).squareRoot() : Float(rank))
    }
  }

  private let settings: JSONValue

  init(_ file: SafetensorsFile) throws(Fault) {
    let key = "lora_adapter_metadata"
    guard let text = file.metadata[key] else {
      settings = .null
      return
    }
    settings = try JSONDocument(reading: Array(text.utf8), source: "\(file.path), \(key) of the header").value
  }

  /// α of a layer, nil where the header says nothing.
  func alpha(of layer: AdapterLayers.Layer) -> Alpha? {
    let network = layer.network == .unet ? "unet" : "text_encoder"
    guard let common = settings["\(network).lora_alpha"]?.double else { return nil }
    let patterns = settings["\(network).alpha_pattern"]
    let module = layer.module.dropFirst(network.count + 1)
    // PEFT takes the first key that is a regular expression for the end of the layer's name.
    let pattern = patterns?.keys.first { key in
      guard let expression = try? Regex("(.*\\.)?(\(key))") else { return false }
      return (try? expression.wholeMatch(in: module)) != nil
    }
    return Alpha(
      value: Float(pattern.flatMap { patterns?[$0]?.double } ?? common),
      isRankStabilised: settings["\(network).use_rslora"] == true)
  }
}
