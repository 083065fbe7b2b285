import Foundation
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport

/// One safetensors file with all three networks, in the layout of the first Stable Diffusion release.
///
/// The parts are `model.diffusion_model`, `first_stage_model` and `cond_stage_model`; here they are seen under the names of
/// diffusers.
struct SingleFile {
  let file: SafetensorsFile

  init(path: String) throws {
    file = try SafetensorsFile(path: path)
    let parts = [SingleFileUNet.prefix, SingleFileAutoencoder.prefix, SingleFileText.prefix]
    let missing = parts.filter { part in !file.entries.contains { $0.name.hasPrefix(part) } }
    guard missing.isEmpty else {
      let examples = file.entries.prefix(3).map(\.name).joined(separator: ", ")
      throw ModelFileError.unknownLayout(
        path: path, found: "tensors such as \(examples), and none that begins with \(missing.joined(separator: ", "))",
        expected: "a whole checkpoint, with tensors that begin with \(parts.joined(separator: ", "))")
    }
  }

  /// Tables of the noise schedule, averaged copies of weights, and networks of other tasks, which are not used.
  private static let unused = [
    "model_ema.", "alphas_cumprod", "betas", "sqrt_", "log_one_minus_", "posterior_", "lvlb_weights", "logvar",
    "scale_factor", "global_step", "depth_model.", "low_scale_model.",
  ]

  /// That every tensor belongs to a part or is known to be of no use.
  private func checkRest() throws(Fault) {
    let known = [SingleFileUNet.prefix, SingleFileAutoencoder.prefix, SingleFileText.prefix] + Self.unused
    let strange = file.entries.map(\.name).filter { name in !known.contains { name.hasPrefix($0) } }
    guard strange.isEmpty else {
      throw .unfit(
        file.path, strange.map { "\($0): in the file, but belongs to no part of Stable Diffusion" })
    }
  }

  /// The folder with settings: the one given, or one beside the file.
  private func settings(_ given: String?) -> ModelFolder? {
    if let given { return ModelFolder(path: given) }
    let url = URL(fileURLWithPath: file.path)
    return [url.deletingPathExtension(), url.deletingLastPathComponent()].map { ModelFolder(path: $0.path) }
      .first(where: \.hasSettings)
  }

  /// Everything that the file and its settings say before any weight is read; errors go into `errors`.
  func description(settings given: String?, tokenizer: String?, _ errors: inout ErrorCollection) -> ModelDescription {
    _ = errors.collect { try checkRest() }
    let settings = settings(given)
    let unetTensors = errors.collect { try SingleFileUNet.tensors(file) }
    let autoencoderTensors = errors.collect { try SingleFileAutoencoder.tensors(file) }
    let textTensors = errors.collect { try SingleFileText.tensors(file) }
    var description = ModelDescription()
    if let unetTensors {
      let own = errors.collect {
        try settings?.unetSettings() ?? SingleFileShapes(tensors: unetTensors).unetSettings()
      }
      description.unet = own.map { .init($0.configuration, unetTensors) }
      description.sampleSize = own?.sampleSize
    }
    if let autoencoderTensors {
      description.autoencoder = errors.collect {
        .init(
          try settings?.autoencoderConfiguration()
            ?? SingleFileShapes(tensors: autoencoderTensors).autoencoderConfiguration(), autoencoderTensors)
      }
    }
    if let textTensors {
      description.textEncoder = errors.collect {
        let own = try settings?.textConfiguration() ?? SingleFileShapes(tensors: textTensors).textConfiguration()
        // The second release drops the last layer of its encoder, and some of its files hold it all the same.
        let kept = own.layers
        return .init(own, textTensors) { SingleFileText.layer(of: $0).map { $0 >= kept } ?? false }
      }
    }
    let prediction = description.unet?.configuration.assumedPrediction
    description.facts = errors.collect {
      guard var facts = try settings?.facts(tokenizer: tokenizer) else {
        guard let tokenizer else {
          throw ModelFileError.missing(path: file.path, lookedFor: ["a folder of its tokenizer, which must be given"])
        }
        return ModelFacts(
          path: file.path, tokenizerFolder: try ModelFolder.checkedTokenizer(tokenizer), assumedPrediction: prediction)
      }
      facts.path = file.path
      if facts.schedulerConfigPath == nil { facts.assumedPrediction = prediction }
      return facts
    }
    return description
  }
}
