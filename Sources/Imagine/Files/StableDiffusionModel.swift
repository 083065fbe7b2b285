import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// A published checkpoint of Stable Diffusion in memory: three networks, and what its files say beside them.
///
/// Weights are 32-bit floats, 4 bytes a parameter, whatever the files hold.
public struct StableDiffusionModel: Sendable {
  package var unet: UNet2DConditionModel
  package var autoencoder: AutoencoderKL
  /// The tokenizer and the text encoder.
  package var text: TextConditioner
  /// The checkpoint's own scheduler, and of upscalers the process that noises small pictures.
  package let scheduler: SchedulerConfiguration
  package let lowResolutionScheduler: SchedulerConfiguration?
  package let facts: ModelFacts
  /// What the user should know of the files: settings and tensors that are not used.
  package let notes: [String]

  /// What encoded latents are multiplied by for the U-Net, and divided by before they are decoded. [scaling_factor]
  package var scalingFactor: Float { autoencoder.configuration.scalingFactor }

  /// Loads a checkpoint, with all problems of all its files in one error.
  ///
  /// - Parameters:
  ///   - path: the folder of a pipeline in the layout of diffusers, or one `.safetensors` file in the layout of the first
  ///     Stable Diffusion release.
  ///   - settings: for a single file, a folder in the layout of diffusers whose settings, tokenizer and scheduler apply;
  ///     without it, the folder beside the file that has its name without `.safetensors`, or the file's own folder, where
  ///     those have settings.
  ///   - tokenizer: for a single file without such a folder, the folder of its tokenizer.
  ///   - autoencoder: the folder or file of another autoencoder, which takes the place of the checkpoint's.
  ///   - prediction: what the U-Net predicts, where the files do not say it or say it wrongly.
  ///
  /// A folder may also be that of a model in the cache of Hugging Face's programs, `models--OWNER--NAME`.
  public init(
    path: String, settings: String? = nil, tokenizer: String? = nil, autoencoder replacement: String? = nil,
    prediction: Prediction? = nil
  ) throws(ModelFileError) {
    var errors = ErrorCollection()
    var found = try Self.description(path, settings: settings, tokenizer: tokenizer, &errors)
    var notes = found?.notes ?? []
    if let replacement {
      let own = found?.autoencoder?.configuration
      found?.autoencoder = errors.collect { try AutoencoderFiles.files(replacement, like: own, notes: &notes) }
    }

    var unet = found?.unet.map { Self.unfilled($0) }
    var autoencoder = found?.autoencoder.map { AutoencoderKL($0.configuration, random: .forLoading) }
    var textEncoder = found?.textEncoder.map { Self.unfilled($0) }
    let unetNames = DiffusersNames.unet(linearProjection: unet?.configuration.linearProjection ?? false)
    _ = errors.collect { try found?.unet?.check(unet, unetNames) }
    _ = errors.collect { try found?.autoencoder?.check(autoencoder, .plain) }
    _ = errors.collect { try found?.textEncoder?.check(textEncoder, .plain) }
    let tokenizer = errors.collect { try found?.facts.map { try PromptTokenizer(folder: $0.tokenizerFolder) } }
    let scheduler = errors.collect { try found?.facts.map { try Self.scheduler($0, prediction, &notes) } }
    let lowResolutionScheduler = errors.collect {
      try found?.facts?.lowResolutionSchedulerPath.map { try SchedulerConfiguration(path: $0) }
    }
    // A key that was passed over can be the reason of what does not fit.
    try errors.finish(path, notes: notes)

    _ = errors.collect { try found!.unet!.load(into: &unet!, unetNames) }
    _ = errors.collect { try found!.autoencoder!.load(into: &autoencoder!, .plain) }
    _ = errors.collect { try found!.textEncoder!.load(into: &textEncoder!, .plain) }
    let text = errors.collect { try TextConditioner(tokenizer: tokenizer!!, encoder: textEncoder!) }
    try errors.finish(path)
    (self.unet, self.autoencoder, self.text) = (unet!, autoencoder!, text!)
    (self.scheduler, self.lowResolutionScheduler) = (scheduler!!, lowResolutionScheduler!)
    var facts = found!.facts!
    facts.sampleSize = found!.sampleSize ?? facts.sampleSize
    self.facts = facts
    self.notes = notes
  }

  /// That of the files, or Stable Diffusion's where there is none, for what was asked for or the weights' file says.
  private static func scheduler(
    _ facts: ModelFacts, _ asked: Prediction?, _ notes: inout [String]
  ) throws -> SchedulerConfiguration {
    let prediction = asked ?? facts.assumedPrediction
    guard let path = facts.schedulerConfigPath else {
      let usual = SchedulerConfiguration.stableDiffusion(prediction: prediction ?? .epsilon)
      return usual.trained(for: nil, endingWithoutSignal: facts.endsWithoutSignal)
    }
    let file = try SchedulerConfiguration(path: path).withoutUnknownKeys(&notes)
    if let prediction, prediction != file.predictionType {
      notes.append(
        "\(path): says that the network predicts \(file.predictionType.diffusersName); it is taken to predict "
          + "\(prediction.diffusersName), as \(asked == nil ? "a mark in \(facts.path) says" : "asked for").")
    }
    return file.trained(for: prediction, endingWithoutSignal: facts.endsWithoutSignal)
  }

  private static func unfilled(_ files: NetworkFiles<UNet2DConditionModel.Configuration>) -> UNet2DConditionModel {
    var random = RandomStream.forLoading
    return UNet2DConditionModel(files.configuration, random: &random)
  }

  private static func unfilled(_ files: NetworkFiles<CLIPTextModel.Configuration>) -> CLIPTextModel {
    var random = RandomStream.forLoading
    return CLIPTextModel(files.configuration, random: &random)
  }

  private static func description(
    _ path: String, settings: String?, tokenizer: String?, _ errors: inout ErrorCollection
  ) throws(ModelFileError) -> ModelDescription? {
    guard let path = errors.collect({ try ModelCache.resolved(path) }) else { return nil }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path, lookedFor: [])
    }
    if isFolder.boolValue { return ModelFolder(path: path).description(&errors) }
    if PickleFile.isAt(path) { throw .pickle(path: path) }
    return errors.collect { try SingleFile(path: path) }?
      .description(settings: settings, tokenizer: tokenizer, &errors)
  }
}
