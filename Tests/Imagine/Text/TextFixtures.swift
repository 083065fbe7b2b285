import Foundation
import LineupDatasets
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

/// What the tests of prompts have in common.
enum TextFixtures {
  /// CLIP's own tokenizer.
  static let clip: ByteLevelBPETokenizer = {
    let bytes = try! CompressedFile.read(Fixtures.path("clip-merges.txt.gz"), missingAdvice: "it is a fixture")
    return ByteLevelBPETokenizer(
      merges: try! ByteLevelBPETokenizer.merges(in: String(decoding: bytes, as: UTF8.self)))
  }()

  static func decoded<Content: Decodable>(_ type: Content.Type, _ name: String) throws -> Content {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path(name))))
  }

  /// A tiny checkpoint's tokenizer and text encoder. The files name its tensors without the prefix `text_model.`.
  static func conditioner(_ checkpoint: String) throws -> TextConditioner {
    let folder = Fixtures.checkpoint(checkpoint)
    var random = RandomStream(seed: 1)
    var encoder = CLIPTextModel(
      try .init(transformers: folder + "/text_encoder/config.json"), random: &random)
    let file = try SafetensorsFile(path: folder + "/text_encoder/model.safetensors")
    var writer = SafetensorsWriter()
    for entry in file.entries { writer.add("text_model." + entry.name, try file.tensor(entry.name)) }
    try withTemporaryFolder { temporary in
      try writer.write(to: temporary + "/model.safetensors")
      try DiffusersNames.plain.load(
        into: &encoder, from: SafetensorsFile(path: temporary + "/model.safetensors"))
    }
    return try TextConditioner(tokenizer: PromptTokenizer(folder: folder + "/tokenizer"), encoder: encoder)
  }

  /// The largest difference, relative to the largest expected value; infinite where shapes differ.
  static func difference(_ found: Tensor, _ expected: Tensor) -> Float {
    guard found.shape == expected.shape else { return .infinity }
    let worst = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
    return worst / max(expected.values.map { abs($0) }.max() ?? 0, 1e-6)
  }
}
