import Foundation
import LineupDiffusion
import LineupFormats
import LineupStrictJSON

/// The text of settings that AUTOMATIC1111's program writes into its pictures, as its documentation shows it: the prompt,
/// the negative prompt, and a last line "Steps: 20, Sampler: Euler a, CFG scale: 7, …".
extension PictureRecord {
  /// Our schedulers and A1111's names of the same rules.
  static let samplers: [(scheduler: SchedulerName, sampler: String)] = [
    (.ddpm, "DDPM"), (.ddim, "DDIM"), (.pndm, "PLMS"), (.euler, "Euler"), (.eulerAncestral, "Euler a"),
    (.heun, "Heun"), (.dpmSolver, "DPM++ 2M"), (.dpmSolverSDE, "DPM++ 2M SDE"), (.unipc, "UniPC"), (.lcm, "LCM"),
  ]

  /// Our generators and A1111's words for where it draws noise.
  static let generators: [(rng: TorchGenerator.Kind, word: String)] = [(.torchCPU, "CPU"), (.torchCUDA, "NV")]

  /// The settings that A1111 has a word for, as it writes them.
  var parameters: String {
    let sampler = Self.samplers.first { $0.scheduler == scheduler }?.sampler
    var settings = [("Steps", "\(steps)")]
    if let sampler { settings.append(("Sampler", sampler + (karras == true ? " Karras" : ""))) }
    settings += [("CFG scale", Self.shortest(guidance)), ("Seed", "\(seed)")]
    if let width, let height { settings.append(("Size", "\(width)x\(height)")) }
    if let modelHash { settings.append(("Model hash", modelHash)) }
    if let model { settings.append(("Model", Self.name(ofModel: model))) }
    // A1111 counts from the last layer, ours are those left out.
    if clipSkip > 0 { settings.append(("Clip skip", "\(clipSkip + 1)")) }
    if let strength { settings.append(("Denoising strength", Self.shortest(Float(strength)))) }
    if let word = Self.generators.first(where: { $0.rng == rng })?.word { settings.append(("RNG", word)) }
    if let version { settings.append(("Version", "Lineup \(version)")) }
    let line = settings.map { "\($0): \(Self.quotedWhereNeeded($1))" }.joined(separator: ", ")
    let negative = negativePrompt.isEmpty ? [] : ["Negative prompt: \(negativePrompt)"]
    return ([prompt] + negative + [line]).joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The last part of a path, without the ending of weights.
  private static func name(ofModel path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".safetensors") ? String(name.dropLast(".safetensors".count)) : name
  }

  /// Without a fraction of zero.
  private static func shortest(_ number: Float) -> String {
    "\(number)".hasSuffix(".0") ? String("\(number)".dropLast(2)) : "\(number)"
  }

  private static func quotedWhereNeeded(_ value: String) -> String {
    value.contains { ",:\n\"".contains($0) } ? JSONValue.quoted(value) : value
  }

  /// Reads A1111's text. Settings that it has and we have no word for are left out; prompts there are always weighted.
  init(parameters text: String, path: String) throws(PictureRecordError) {
    var lines = text.trimmingCharacters(in: .whitespacesAndNewlines)
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    guard let last = lines.popLast(), last.hasPrefix("Steps:") else {
      throw .malformed(
        path: path, keyword: "parameters",
        problems: ["the last line: found no settings, expected \"Steps: …, Sampler: …, CFG scale: …\""])
    }
    let start = lines.firstIndex { $0.hasPrefix("Negative prompt:") } ?? lines.endIndex
    var reader = A1111Settings(last)
    self.init(
      prompt: lines[..<start].joined(separator: "\n"),
      steps: reader.needed("Steps", "a whole number above 0") { Int($0).flatMap { $0 > 0 ? $0 : nil } } ?? 0,
      guidance: reader.needed("CFG scale", "a number", Self.finite) ?? 0,
      seed: reader.needed("Seed", "a whole number from 0") { UInt64($0) } ?? 0, rng: .torchCUDA)
    negativePrompt = lines[start...].joined(separator: "\n").dropFirst("Negative prompt:".count)
      .trimmingCharacters(in: .whitespaces)
    weighted = true
    readSampler(&reader)
    if let size = reader.needed("Size", "width and height, such as 512x512", Self.size) { (width, height) = size }
    modelHash = reader.optional("Model hash", "a text") { $0 }
    model = reader.optional("Model", "a text") { $0 }
    strength = reader.optional("Denoising strength", "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
    clipSkip =
      (reader.optional("Clip skip", "a whole number above 0") { Int($0).flatMap { $0 > 0 ? $0 : nil } } ?? 1) - 1
    version = reader.optional("Version", "a text") { $0 }.flatMap {
      $0.hasPrefix("Lineup ") ? String($0.dropFirst("Lineup ".count)) : nil
    }
    guard reader.problems.isEmpty else {
      throw .malformed(path: path, keyword: "parameters", problems: reader.problems)
    }
  }

  /// The sampler with its noise levels, which stand in its name or, in later versions, by themselves; and its generator,
  /// which is that of graphics processors where nothing is said.
  private mutating func readSampler(_ reader: inout A1111Settings) {
    let names = Self.samplers.map(\.sampler).joined(separator: ", ")
    let sampler = reader.needed("Sampler", "one of \(names), perhaps followed by Karras") { name in
      let inName = name.hasSuffix(" Karras")
      let plain = inName ? String(name.dropLast(" Karras".count)) : name
      return Self.samplers.first { $0.sampler == plain }.map { (scheduler: $0.scheduler, karras: inName) }
    }
    let schedule = reader.optional("Schedule type", "Karras, Uniform or Automatic") { word in
      ["Karras": true, "Uniform": false, "Automatic": false][word]
    }
    scheduler = sampler?.scheduler
    karras = (sampler?.karras ?? false) || (schedule ?? false)
    let generator = reader.optional("RNG", "CPU, NV or GPU") { word in
      word == "GPU" ? .torchCUDA : Self.generators.first { $0.word == word }?.rng
    }
    rng = generator ?? .torchCUDA
  }

  private static func finite(_ text: String) -> Float? { Float(text).flatMap { $0.isFinite ? $0 : nil } }

  private static func size(_ text: String) -> (width: Int, height: Int)? {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return sides.count == 2 && sides.allSatisfy { $0 > 0 } ? (sides[0], sides[1]) : nil
  }
}

/// The pairs of a line "key: value, key: value", where a value with commas or colons is a JSON string, and all that is
/// wrong with those that were asked for.
private struct A1111Settings {
  /// As they stand in the line.
  private var values: [String: String] = [:]
  private(set) var problems: [String] = []

  init(_ line: String) {
    var rest = Substring(line)
    while !rest.isEmpty {
      let key = rest.prefix { $0 != ":" && $0 != "," }
      rest = rest[key.endIndex...]
      // What is no pair is part of a value that nobody quoted.
      guard rest.popFirst() == ":" else { continue }
      rest = rest.drop { $0 == " " }
      let quoted = rest.hasPrefix("\"") ? Self.takeString(&rest) : ""
      let plain = rest.prefix { $0 != "," }
      rest = rest[plain.endIndex...].dropFirst()
      values[key.trimmingCharacters(in: .whitespaces)] = quoted + plain.trimmingCharacters(in: .whitespaces)
    }
  }

  /// Takes what stands from here to the next quotation mark that is not escaped.
  private static func takeString(_ rest: inout Substring) -> String {
    var isEscaped = true
    let end = rest.firstIndex { character in
      defer { isEscaped = character == "\\" && !isEscaped }
      return character == "\"" && !isEscaped
    }
    let text = end.map { rest[...$0] } ?? rest
    rest = rest[text.endIndex...]
    return String(text)
  }

  /// A value that must be there.
  mutating func needed<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) -> Value? {
    if values[key] == nil { problems.append("\(key): found nothing, expected \(expected)") }
    return optional(key, expected, read)
  }

  /// A value that may be missing, but not wrong.
  mutating func optional<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) -> Value? {
    guard let raw = values[key] else { return nil }
    let text = raw.hasPrefix("\"") ? try? JSONParser.parse(Array(raw.utf8), source: key).document.value.text : raw
    if let text, let value = read(text) { return value }
    problems.append("\(key): found \(raw), expected \(expected)")
    return nil
  }
}
