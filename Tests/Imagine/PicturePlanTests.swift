import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

/// Requests and checkpoints that cannot be drawn are told in a sentence, whatever the user gave.
@Suite struct PicturePlanTests {
  private let model = try! StableDiffusionModel(path: Fixtures.checkpoint("sd1"))

  /// The sentence that a request ends with, before or while it is drawn.
  private func problem(
    _ model: StableDiffusionModel? = nil, _ change: (inout PictureRequest) throws -> Void
  ) throws -> String {
    var request = PictureRequest(prompt: "a cat")
    request.settings.steps = 2
    try change(&request)
    let error = #expect(throws: PipelineError.self) {
      _ = try DrawingSession(model ?? self.model, request).draw(seed: 1)
    }
    return error?.description ?? ""
  }

  @Test func numbersOutOfRangeAreTold() throws {
    #expect(try problem { $0.settings.clipSkip = 4 }.contains("it has 3"))
    #expect(
      try problem { $0.settings.clipSkip = -1 }.contains("--clip-skip must be a whole number of at least 0; got -1"))
    #expect(try problem { $0.settings.width = 1 << 62 }.contains("from 1 to 16384"))
    for strength in [1e300, -1, 0] {
      let text = try problem {
        $0.settings.strength = strength
        $0.source = .picture(.zeros([1, 16, 16, 3]))
      }
      #expect(text.contains("strength"))
    }
    let upscaler = try StableDiffusionModel(path: Fixtures.checkpoint("upscale"))
    let level = try problem(upscaler) {
      $0.settings.noiseLevel = 351
      $0.source = .enlarging(.zeros([1, 8, 8, 3]))
    }
    #expect(level.contains("0 to 350"))
  }

  @Test func noiseOfAnotherSchedulerIsTold() throws {
    #expect(try problem { ($0.settings.scheduler, $0.settings.eta) = (.euler, 0.5) }.contains("for the scheduler ddim"))
  }

  @Test func aControlNetOfAnotherKindIsTold() throws {
    var configuration = ControlNet.Configuration(for: model.unet.configuration)
    configuration.imageWidths = [4, 4, 4]
    configuration.network.channels = [8, 24]
    var random = RandomStream.forLoading
    let network = ControlNet(configuration, random: &random)
    let text = try problem { $0.controls = [ControlMap(network: network, image: .zeros([1, 16, 16, 3]))] }
    #expect(text.contains("levels: found [8, 24], expected [8, 16]"))
    #expect(text.contains("latent pixel: found 4, expected 2"))
  }

  @Test func partsOfDifferentCheckpointsAreTold() throws {
    var mixed = model
    mixed.text = try StableDiffusionModel(path: Fixtures.checkpoint("sd2")).text
    #expect(try problem(mixed) { _ in }.contains("reads texts that are 16 wide, but the text encoder's are 24 wide"))
  }

  @Test func weightsThatAreNoNumbersGiveNoPicture() throws {
    var damaged = model
    damaged.autoencoder.forEachTensor { name, value in
      if name.contains("decoder.convOut") { value = value.scaled(by: .nan) }
    }
    #expect(try problem(damaged) { _ in }.contains("autoencoder is damaged"))
    damaged = model
    damaged.unet.forEachTensor { _, value in value = value.scaled(by: .nan) }
    #expect(try problem(damaged) { _ in }.contains("not finite"))
  }

  /// A number that is not of a network that fits into memory is refused before the network is made.
  @Test(arguments: [
    ("unet", "\"layers_per_block\": 1", "\"layers_per_block\": 4611686018427387904"),
    ("unet", "\"sample_size\": 8", "\"sample_size\": 1000000000"),
    ("unet", "\"transformer_layers_per_block\": 1", "\"transformer_layers_per_block\": 1000000000"),
    ("vae", "\"layers_per_block\": 1", "\"layers_per_block\": 1000000000"),
    ("text_encoder", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 1000000"),
  ]) func absurdSettingsAreTold(folder: String, old: String, new: String) throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    try copy.replace(old, by: new, in: "\(folder)/config.json")
    let error = #expect(throws: ModelFileError.self) { try StableDiffusionModel(path: copy.path) }
    #expect("\(error!)".contains(String(new.split(separator: " ")[1])), "\(error!)")
  }

  @Test func aVocabularyWithoutRowsIsTold() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let file = try String(contentsOfFile: copy.file("tokenizer/vocab.json"), encoding: .utf8)
    try copy.write(file.replacingOccurrences(of: "\"!\": 0", with: "\"!\": -4"), to: "tokenizer/vocab.json")
    let error = #expect(throws: ModelFileError.self) { try StableDiffusionModel(path: copy.path) }
    #expect("\(error!)".contains("found the number -4"), "\(error!)")
  }
}
