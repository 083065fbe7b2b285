import Foundation
import LineupDiffusion
import LineupNetworks

/// The settings that made a picture, as they are kept in its file: enough to make it again.
///
/// They stand there twice: as JSON under the keyword `lineup`, with every setting, and as the text that the program known
/// as A1111 writes under `parameters`, with those that it has a word for, so that other programs can show them.
public struct PictureRecord: Codable, Equatable, Sendable {
  /// A file of a low-rank adapter, and the factor of what it adds.
  public struct LowRankAdapter: Codable, Equatable, Sendable {
    public var file: String
    public var scale: Float

    public init(file: String, scale: Float) { (self.file, self.scale) = (file, scale) }
  }

  /// A learned word, and its file.
  public struct Embedding: Codable, Equatable, Sendable {
    public var token: String
    public var file: String

    public init(token: String, file: String) { (self.token, self.file) = (token, file) }
  }

  /// A ControlNet's folder, the map that it follows, and the factor of what it adds.
  public struct Control: Codable, Equatable, Sendable {
    public var network: String
    public var image: String
    public var scale: Float

    public init(network: String, image: String, scale: Float) {
      (self.network, self.image, self.scale) = (network, image, scale)
    }
  }

  public var prompt: String
  public var negativePrompt = ""
  /// Whether brackets in the prompts give words weights.
  public var weighted = false
  public var steps: Int
  public var guidance: Float
  public var guidanceRescale: Float = 0
  public var seed: UInt64
  public var rng: TorchGenerator.Kind
  /// The scheduler, its noise levels and the spacing of its timesteps; nil is the checkpoint's own.
  public var scheduler: SchedulerName?
  public var karras: Bool?
  public var spacing: TimestepSpacing?
  /// How many of the text encoder's last layers are left out.
  public var clipSkip = 0
  /// In pixels; nil is the checkpoint's own, or that of the picture that this one begins from.
  public var width: Int?
  public var height: Int?
  /// The checkpoint's folder or file.
  public var model: String?
  /// The first ten hexadecimal digits of the SHA-256 of the U-Net's file, where another program wrote them.
  public var modelHash: String?
  /// Folders with the settings and the tokenizer of a checkpoint that is one file.
  public var config: String?
  public var tokenizer: String?
  /// A picture to begin from, the share of it that is made anew, and where.
  public var image: String?
  public var strength: Double?
  public var mask: String?
  /// Whether the picture is enlarged, and with how much noise.
  public var upscale = false
  public var noiseLevel: Int?
  /// A file of initial noise instead of the seed's.
  public var latents: String?
  public var controls: [Control] = []
  public var loras: [LowRankAdapter] = []
  public var embeddings: [Embedding] = []
  /// Whether the autoencoder worked in tiles.
  public var tiled = false
  /// The version of Lineup that made the picture; nil where another program did.
  public var version: String?

  public init(
    prompt: String = "", steps: Int = 30, guidance: Float = 7.5, seed: UInt64 = 0, rng: TorchGenerator.Kind = .torchCPU,
    scheduler: SchedulerName? = nil, width: Int? = nil, height: Int? = nil
  ) {
    (self.prompt, self.steps, self.guidance, self.seed) = (prompt, steps, guidance, seed)
    (self.rng, self.scheduler, self.width, self.height) = (rng, scheduler, width, height)
  }

  /// What to store in a PNG file: `parameters` in A1111's form, and `lineup` in JSON. The same record gives the same texts.
  public var pngNotes: [(keyword: String, text: String)] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(self) else {
      preconditionFailure("a record has numbers that are not finite, which JSON cannot say")
    }
    return [("parameters", parameters), ("lineup", String(decoding: json, as: UTF8.self))]
  }

  /// The record in a PNG file's notes: our own where there is one, else A1111's. `path` names the file in errors.
  public init(pngNotes notes: [(keyword: String, text: String)], path: String) throws(PictureRecordError) {
    if let note = notes.first(where: { $0.keyword == "lineup" }) {
      try self.init(json: note.text, path: path)
    } else if let note = notes.first(where: { $0.keyword == "parameters" }) {
      try self.init(parameters: note.text, path: path)
    } else {
      throw .missing(path: path, found: notes.map(\.keyword))
    }
  }

  private init(json: String, path: String) throws(PictureRecordError) {
    do {
      self = try JSONDecoder().decode(PictureRecord.self, from: Data(json.utf8))
    } catch {
      throw .malformed(path: path, keyword: "lineup", problems: [Self.described(error)])
    }
  }

  /// Where in the JSON text something is wrong, and what.
  private static func described(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.isEmpty ? "the text" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(place(context)): found no \(key.stringValue), expected one"
    case DecodingError.typeMismatch(let type, let context):
      "\(place(context)): found another kind of value, expected \(type)"
    case DecodingError.valueNotFound(let type, let context):
      "\(place(context)): found null, expected \(type)"
    case DecodingError.dataCorrupted(let context):
      "\(place(context)): found \(context.debugDescription), expected valid JSON"
    default: "\(error)"
    }
  }
}

/// What can be wrong with the settings in a picture's file.
public enum PictureRecordError: Error, Equatable, CustomStringConvertible {
  /// The file has other notes, under these keywords, or none.
  case missing(path: String, found: [String])
  /// All that is wrong with the note of a keyword.
  case malformed(path: String, keyword: String, problems: [String])

  public var description: String {
    switch self {
    case .missing(let path, let found):
      "\(path): found \(found.isEmpty ? "no notes" : "the notes " + found.joined(separator: ", ")), expected one of the "
        + "keyword lineup or parameters"
    case .malformed(let path, let keyword, let problems):
      "\(path): the note \(keyword) cannot be read:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
  }
}
