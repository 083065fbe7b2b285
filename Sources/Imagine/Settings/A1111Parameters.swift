import Foundation
import LineupDiffusion
import LineupFormats
import LineupStrictJSON

/// The text of settings that AUTOMATIC1111's program writes into its pictures, as its documentation shows it: the prompt,
/// the negative prompt, and a last line "Steps: 20, Sampler: Euler a, CFG scale: 7, …".
extension PictureSettings {
  /// Our schedulers and A1111's names of the same rules.
  private static let samplers: [(scheduler: SamplerRule, sampler: String)] = [
    (.ddpm, "DDPM"), (.ddim, "DDIM"), (.pndm, "PLMS"), (.euler, "Euler"), (.eulerAncestral, "Euler a"),
    (.heun, "Heun"), (.dpmSolver, "DPM++ 2M"), (.dpmSolverSDE, "DPM++ 2M SDE"), (.unipc, "UniPC"), (.lcm, "LCM"),
  ]

  /// Our generators and A1111's words for where it draws noise.
  private static let generators: [(rng: TorchGenerator.Kind, word: String)] = [
    (.torchCPU, "CPU"), (.torchCUDA, "NV"), (.torchCUDA, "GPU"),
  ]

  /// One of A1111's keys: how it says a setting, and how that is read.
  private struct Key: Sendable {
    let name: String
    /// A phrase that follows the word "expected".
    let expected: String
    /// Whether every text has it.
    var isNeeded = false
    let write: @Sendable (PictureSettings) -> String?
    /// Tells whether the text was understood.
    let read: @Sendable (String, inout PictureSettings) -> Bool

    init(
      _ name: String, _ expected: String, isNeeded: Bool = false,
      write: @escaping @Sendable (PictureSettings) -> String?,
      read: @escaping @Sendable (String, inout PictureSettings) -> Bool
    ) {
      (self.name, self.expected, self.isNeeded, self.write, self.read) = (name, expected, isNeeded, write, read)
    }

    /// A setting that A1111 writes as we do.
    init(_ name: String, same setting: String, isNeeded: Bool = false) {
      let setting = all.first { $0.name == setting }!
      self.init(
        name, setting.expected, isNeeded: isNeeded, write: setting.text,
        read: { setting.take([$0], &$1) == nil && setting.isAllowed($1) })
    }
  }

  /// In A1111's order.
  private static let keys: [Key] = [
    Key("Steps", same: "steps", isNeeded: true),
    Key(
      "Sampler", "one of \(samplers.map(\.sampler).joined(separator: ", ")), perhaps followed by Karras",
      isNeeded: true,
      write: { settings in
        samplers.first { $0.scheduler == settings.scheduler }.map {
          $0.sampler + (settings.karras == true ? " Karras" : "")
        }
      },
      read: { text, settings in
        settings.karras = text.hasSuffix(" Karras")
        let name = settings.karras == true ? String(text.dropLast(" Karras".count)) : text
        settings.scheduler = samplers.first { $0.sampler == name }?.scheduler
        return settings.scheduler != nil
      }),
    // Later versions say apart from the sampler's name how noise levels are spaced.
    Key(
      "Schedule type", "Karras, Uniform or Automatic", write: { _ in nil },
      read: { text, settings in
        if text == "Karras" { settings.karras = true }
        return ["Karras", "Uniform", "Automatic"].contains(text)
      }),
    Key("CFG scale", same: "guidance", isNeeded: true), Key("Seed", same: "seed", isNeeded: true),
    Key(
      "Size", "width and height, such as 512x512", isNeeded: true,
      write: { settings in
        if let width = settings.width, let height = settings.height { "\(width)x\(height)" } else { nil }
      },
      read: { text, settings in
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard sides.count == 2, sides.allSatisfy((1...largestSide).contains) else { return false }
        (settings.width, settings.height) = (sides[0], sides[1])
        return true
      }),
    Key(
      "Model hash", "a text", write: \.modelHash,
      read: {
        $1.modelHash = $0
        return true
      }),
    Key(
      "Model", "a text", write: { $0.model.map(name(ofModel:)) },
      read: {
        $1.model = $0
        return true
      }),
    // A1111 counts from the last layer, ours are those left out.
    Key(
      "Clip skip", "a whole number of at least 1", write: { $0.clipSkip > 0 ? "\($0.clipSkip + 1)" : nil },
      read: { text, settings in
        guard let layer = Int(text), layer > 0 else { return false }
        // There it holds for both prompts.
        (settings.clipSkip, settings.negativeClipSkip) = (layer - 1, layer - 1)
        return true
      }),
    Key(
      "Denoising strength", "a number from 0 to 1", write: { $0.strength.map { Float($0).shortText } },
      read: { text, settings in
        settings.strength = Double(text)
        return settings.strength.map((0...1).contains) ?? false
      }),
    Key("Eta DDIM", same: "eta"),
    Key(
      "RNG", "CPU, NV or GPU", write: { settings in generators.first { $0.rng == settings.rng }?.word },
      read: { text, settings in
        guard let generator = generators.first(where: { $0.word == text }) else { return false }
        settings.rng = generator.rng
        return true
      }),
    Key(
      "Version", "a text", write: { $0.version.map { "Lineup \($0)" } },
      read: { text, settings in
        if text.hasPrefix("Lineup ") { settings.version = String(text.dropFirst("Lineup ".count)) }
        return true
      }),
  ]

  /// The settings that A1111 has a word for, as it writes them.
  var parameters: String {
    let line = Self.keys.compactMap { key in key.write(self).map { "\(key.name): \(Self.quotedWhereNeeded($0))" } }
      .joined(separator: ", ")
    let negative = negativePrompt.isEmpty ? [] : ["Negative prompt: \(negativePrompt)"]
    return ([prompt] + negative + [line]).joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The last part of a path, without the ending of weights.
  private static func name(ofModel path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".safetensors") ? String(name.dropLast(".safetensors".count)) : name
  }

  private static func quotedWhereNeeded(_ value: String) -> String {
    value.contains { ",:\n\"".contains($0) } ? JSONValue.quoted(value) : value
  }

  /// Reads A1111's text. What it asks for and settings cannot say goes into `unheeded`; prompts there are always weighted,
  /// and random numbers are those of graphics processors where nothing is said.
  init(parameters text: String, path: String, unheeded: inout [UnheededSetting]) throws(Fault) {
    var lines = text.trimmingCharacters(in: .whitespacesAndNewlines)
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    guard let last = lines.popLast(), last.hasPrefix("Steps:") else {
      throw Self.unreadableNote(
        "parameters", of: path,
        ["the last line: found no settings, expected \"Steps: …, Sampler: …, CFG scale: …\""])
    }
    let start = lines.firstIndex { $0.hasPrefix("Negative prompt:") } ?? lines.endIndex
    let prompt = A1111Prompt(lines[..<start].joined(separator: "\n"))
    let negative = A1111Prompt(
      lines[start...].joined(separator: "\n").dropFirst("Negative prompt:".count)
        .trimmingCharacters(in: .whitespaces))
    self.init(prompt: prompt.text)
    (negativePrompt, weighted, rng, karras) = (negative.text, true, .torchCUDA, false)
    let line = A1111Line(last)
    var problems: [String] = []
    for key in Self.keys {
      let found = line.values[key.name]
      if found == nil, !key.isNeeded { continue }
      guard let text = line.text(key.name), key.read(text, &self) else {
        problems.append("\(key.name): found \(found ?? "nothing"), expected \(key.expected)")
        continue
      }
    }
    guard problems.isEmpty else { throw Self.unreadableNote("parameters", of: path, problems) }
    unheeded += prompt.unheeded + negative.unheeded
    unheeded += A1111Remainder(line, known: Set(Self.keys.map(\.name))).unheeded
  }
}
