import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport

/// What a checkpoint's files say beside the weights and shapes of its networks.
package struct ModelFacts: Sendable {
  /// The folder, or the single file.
  package var path: String
  /// The class of pipeline that the checkpoint was published for, where a `model_index.json` names it.
  package var pipelineClass: String?
  /// The folder with the tokenizer's files.
  package var tokenizerFolder: String
  /// The `scheduler_config.json` of the sampler and of the low-resolution image's noise, where there is one.
  package var schedulerConfigPath: String?
  package var lowResolutionSchedulerPath: String?
  /// The most noise that an upscaler's low-resolution image may get. [max_noise_level]
  package var maximumNoiseLevel: Int?
  /// What the U-Net predicts, where this is not read from settings but follows from the kind of a single file or from a
  /// mark in it.
  package var assumedPrediction: Prediction?
  /// Whether a mark in a single file says that training ended in noise without any signal (zero terminal SNR).
  package var endsWithoutSignal = false
  /// Height and width of the latents that the U-Net was trained on.
  package var sampleSize = [64, 64]
}

/// One network's shape and tensors, before a weight is read.
struct NetworkFiles<Configuration> {
  var configuration: Configuration
  var tensors: any TensorSource
  /// Whether a tensor may be there without being used.
  var ignores: @Sendable (String) -> Bool

  init(
    _ configuration: Configuration, _ tensors: any TensorSource,
    ignoring ignores: @escaping @Sendable (String) -> Bool = { _ in false }
  ) {
    (self.configuration, self.tensors, self.ignores) = (configuration, tensors, ignores)
  }

  /// That every tensor is there in the right shape and no other is.
  func check(_ network: (some Module)?, _ names: DiffusersNames) throws(Fault) {
    guard let network else { return }
    let problems = names.problems(of: network, with: tensors, ignoring: ignores)
    guard problems.isEmpty else { throw .unfit(tensors.path, problems) }
  }

  func load(into network: inout some Module, _ names: DiffusersNames) throws(Fault) {
    try names.load(into: &network, from: tensors, ignoring: ignores)
  }
}

/// Everything that a checkpoint's files say before a weight is read; parts whose files are at fault are missing.
struct ModelDescription {
  var unet: NetworkFiles<UNet2DConditionModel.Configuration>?
  var autoencoder: NetworkFiles<AutoencoderKL.Configuration>?
  var textEncoder: NetworkFiles<CLIPTextModel.Configuration>?
  var facts: ModelFacts?
  var sampleSize: [Int]?
  /// What the user should know: keys of settings and tensors that are not used.
  var notes: [String] = []
}
