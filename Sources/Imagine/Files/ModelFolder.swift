import Foundation
import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupStrictJSON

/// The folder of a pipeline in the layout of diffusers. Folders of other parts, such as a safety checker, are not looked at.
struct ModelFolder {
  let path: String

  private func network(_ name: String) -> NetworkFolder { NetworkFolder(path: "\(path)/\(name)") }

  /// A file of the folder, or nil where it is not there.
  private func present(_ name: String) -> String? {
    FileManager.default.fileExists(atPath: "\(path)/\(name)") ? "\(path)/\(name)" : nil
  }

  /// Whether this folder has the settings of networks.
  var hasSettings: Bool { present("unet/config.json") != nil }

  func unetSettings(
    _ notes: inout [String]
  ) throws -> (configuration: UNet2DConditionModel.Configuration, sampleSize: [Int]?) {
    let file = try DiffusersConfiguration(path: network("unet").configurationPath)
    return (try file.known(&notes) { try .init(diffusers: $0) }, file.sampleSize)
  }

  func autoencoderConfiguration(_ notes: inout [String]) throws -> AutoencoderKL.Configuration {
    try DiffusersConfiguration(path: network("vae").configurationPath).known(&notes) { try .init(diffusers: $0) }
  }

  func textConfiguration() throws -> CLIPTextModel.Configuration {
    try .init(transformers: network("text_encoder").configurationPath)
  }

  /// A folder, which must hold a tokenizer.
  static func checkedTokenizer(_ folder: String) throws(ModelFileError) -> String {
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }
    guard exists("tokenizer.json") || (exists("vocab.json") && exists("merges.txt")) else {
      throw .missing(path: folder, lookedFor: ["vocab.json with merges.txt", "tokenizer.json"])
    }
    return folder
  }

  /// What the folder says beside its networks; `tokenizer` is another folder for the tokenizer.
  func facts(tokenizer: String? = nil) throws -> ModelFacts {
    let index = try present("model_index.json").map { try DiffusersConfiguration(path: $0) }
    return ModelFacts(
      path: path, pipelineClass: index?.className,
      tokenizerFolder: try Self.checkedTokenizer(tokenizer ?? path + "/tokenizer"),
      schedulerConfigPath: present("scheduler/scheduler_config.json"),
      lowResolutionSchedulerPath: present("low_res_scheduler/scheduler_config.json"),
      maximumNoiseLevel: index?["max_noise_level"]?.integer, assumedPrediction: nil)
  }

  /// Everything that its files say before any weight is read; errors go into `errors`.
  func description(_ errors: inout ErrorCollection) -> ModelDescription? {
    var notes: [String] = []
    let unet = errors.collect { try unetSettings(&notes) }
    let autoencoder = errors.collect { try autoencoderConfiguration(&notes) }
    let text = errors.collect { try textConfiguration() }
    let unetTensors = errors.collect { try network("unet").tensors() }
    let autoencoderTensors = errors.collect { try OlderNames.autoencoder(network("vae").tensors()) }
    let textTensors = errors.collect { try OlderNames.textEncoder(network("text_encoder").tensors()) }
    let facts = errors.collect { try self.facts() }
    let unetPart = unet.flatMap { unet in unetTensors.map { NetworkFiles(unet.configuration, $0) } }
    let autoencoderPart = autoencoder.flatMap { own in autoencoderTensors.map { NetworkFiles(own, $0) } }
    let textPart = text.flatMap { own in textTensors.map { NetworkFiles(own, $0) } }
    return ModelDescription(
      unet: unetPart, autoencoder: autoencoderPart, textEncoder: textPart, facts: facts, sampleSize: unet?.sampleSize,
      notes: notes)
  }
}
