import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

/// Networks of the tiny checkpoints and of the scripts `make_network_goldens.py` and `make_lora_goldens.py`.
enum NetworkFixtures {
  static func file(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: Fixtures.path("\(name).safetensors"))
  }

  static func configuration(_ name: String) throws -> DiffusersConfiguration {
    try DiffusersConfiguration(path: Fixtures.path("\(name).json"))
  }

  /// The U-Net that a `config.json` and a file of weights make.
  static func unet(_ configuration: DiffusersConfiguration, _ weights: SafetensorsFile) throws -> UNet2DConditionModel {
    let shape = try UNet2DConditionModel.Configuration(diffusers: configuration)
    var random = RandomStream(seed: 1)
    var unet = UNet2DConditionModel(shape, random: &random)
    try DiffusersNames.unet(linearProjection: shape.linearProjection).load(into: &unet, from: weights)
    return unet
  }

  /// The U-Net of a checkpoint.
  static func unet(of checkpoint: String, variant: String = "") throws -> UNet2DConditionModel {
    let folder = "checkpoints/\(checkpoint)/unet"
    return try unet(configuration("\(folder)/config"), file("\(folder)/diffusion_pytorch_model\(variant)"))
  }

  static func control(
    _ shape: ControlNet.Configuration, _ weights: SafetensorsFile
  ) throws -> ControlNet {
    var random = RandomStream(seed: 1)
    var control = ControlNet(shape, random: &random)
    try DiffusersNames.unet(linearProjection: shape.linearProjection).load(into: &control, from: weights)
    return control
  }

  /// The ControlNet of the checkpoints.
  static func control(reversingChannels: Bool = false) throws -> ControlNet {
    var shape = try ControlNet.Configuration(diffusers: configuration("checkpoints/controlnet/config"))
    if reversingChannels { shape.reversesChannels = true }
    return try control(shape, file("checkpoints/controlnet/diffusion_pytorch_model.fp16"))
  }

  /// The text encoder of the checkpoint sd1, whose file leaves out the prefix of all names.
  static func textEncoder() throws -> CLIPTextModel {
    var random = RandomStream(seed: 1)
    var text = CLIPTextModel(
      .init(vocabulary: 551, width: 16, layers: 3, heads: 2, hidden: 32), random: &random)
    let path = try renamed(file("checkpoints/sd1/text_encoder/model")) { "text_model." + $0 }
    defer { try? FileManager.default.removeItem(atPath: path) }
    try DiffusersNames.plain.load(into: &text, from: SafetensorsFile(path: path))
    return text
  }

  /// The path of a new file with a file's tensors under other names, and in other shapes where `reshape` knows one.
  static func renamed(
    _ file: SafetensorsFile, reshape: (_ name: String, _ shape: [Int]) -> [Int]? = { _, _ in nil },
    adding added: [String: Tensor] = [:], _ rename: (String) -> String?
  ) throws -> String {
    var writer = SafetensorsWriter()
    for entry in file.entries {
      guard let name = rename(entry.name) else { continue }
      let tensor = try file.tensor(entry.name)
      writer.add(name, tensor.reshaped(to: reshape(entry.name, entry.shape) ?? entry.shape))
    }
    for (name, tensor) in added { writer.add(name, tensor) }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path
    try writer.write(to: path)
    return path
  }
}

/// Records an issue unless all values agree within `tolerance` times the largest expected one.
func expectAgreement(
  _ found: Tensor, _ expected: Tensor, tolerance: Float = 1e-5, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
  guard found.shape == expected.shape else { return }
  #expect(difference(found, expected) <= tolerance, sourceLocation: sourceLocation)
}

/// The largest difference of two tensors of one shape over the largest value of the second.
func difference(_ found: Tensor, _ expected: Tensor) -> Float {
  let worst = zip(found.values, expected.values).map { Swift.abs($0 - $1) }.max() ?? 0
  return worst / (expected.values.map { Swift.abs($0) }.max() ?? 1)
}
