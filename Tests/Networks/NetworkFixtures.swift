import Foundation
import LineupFormats
import LineupNetworks
import LineupTensors
import LineupTestSupport

/// Networks that diffusers, transformers and PyTorch made, with what they compute: the files that the scripts in
/// `Fixtures/` write, and the tiny checkpoints that whole pictures are drawn with.
enum NetworkFixtures {
  /// The path of a file in `Fixtures/`; names in `checkpoints/` are those of the tiny checkpoints.
  static func path(_ name: String) -> String {
    let folder =
      name.hasPrefix("checkpoints/")
      ? repositoryRoot.appending(path: "Tests/Imagine/Fixtures")
      : Bundle.module.resourceURL!.appending(path: "Fixtures")
    return folder.appending(path: name).standardized.path
  }

  static func file(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: path("\(name).safetensors"))
  }

  static func configuration(_ name: String) throws -> DiffusersConfiguration {
    try DiffusersConfiguration(path: path("\(name).json"))
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

  static func control(_ shape: ControlNet.Configuration, _ weights: SafetensorsFile) throws -> ControlNet {
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
}
