/// What a line of AUTOMATIC1111's program says beside the settings that have a counterpart here.
struct A1111Remainder {
  private(set) var unheeded: [UnheededSetting] = []

  /// What tells about a picture and does not change it.
  private static let remarks: Set<String> = [
    "Batch pos", "Batch size", "Civitai metadata", "Civitai resources", "Hashes", "Init image hash", "Lora hashes",
    "User", "VAE hash", "Version",
  ]

  /// Values with which a key changes nothing.
  private static let idle: [String: Set<String>] = [
    "Emphasis": ["Original"], "ENSD": ["0"], "Eta": ["1", "1.0"], "Seed resize from": ["0x0", "-1x-1"],
    "VAE": ["Automatic", "None"], "Variation seed strength": ["0", "0.0"],
  ]

  /// What keys that are met often mean.
  private static let meanings: [String: String] = [
    "ENSD": "another seed for the noise that is added during the steps",
    "Eta": "the share of noise that ancestral samplers add",
    "Face restoration": "a network that works on the finished picture",
    "Refiner": "a second checkpoint for the last steps",
    "Tiling": "pictures whose edges fit each other",
    "Variation seed": "noise that is mixed of two seeds",
    "Variation seed strength": "noise that is mixed of two seeds",
  ]

  init(_ line: A1111Line, known: Set<String>) {
    let isEnlarged = line.keys.contains { $0.hasPrefix("Hires") }
    if let strength = line.values["Denoising strength"], !isEnlarged {
      unheeded.append(
        UnheededSetting(
          "Denoising strength: \(strength)",
          "the picture that this one began from is not in the file; give it with --image",
          remedy: .image))
    }
    for key in line.keys where !known.contains(key) && !Self.remarks.contains(key) {
      let value = line.values[key] ?? ""
      if Self.idle[key]?.contains(value) == true { continue }
      if key == "TI hashes" {
        unheeded += Self.embeddings(line.text(key) ?? value)
        continue
      }
      unheeded.append(
        UnheededSetting("\(key): \(value)", Self.meaning(key), remedy: key == "VAE" ? .autoencoder : .none))
    }
  }

  private static func meaning(_ key: String) -> String {
    if key.hasPrefix("Hires") { return "a second pass at a larger size" }
    if key.hasPrefix("ControlNet") { return "a ControlNet; give it with --control and --control-image" }
    if key == "VAE" { return "a second autoencoder; give it with --vae" }
    return meanings[key] ?? "not known here"
  }

  /// Learned words as "name: hash, name: hash".
  private static func embeddings(_ text: String) -> [UnheededSetting] {
    text.split(separator: ",").map { pair in
      let name = String(pair.prefix { $0 != ":" }.drop { $0 == " " })
      return UnheededSetting(
        "TI hashes: \(name)", "a learned word; give its file with --embedding \(name)=FILE",
        remedy: .embedding(token: name))
    }
  }
}
