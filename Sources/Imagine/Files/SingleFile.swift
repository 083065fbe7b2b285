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
  let file: any TensorSource

  init(path: String) throws {
    file = try Self.withoutTrainer(SafetensorsFile(path: path))
    let parts = [SingleFileUNet.prefix, SingleFileAutoencoder.prefix, SingleFileText.prefix]
    let missing = parts.filter { part in !file.entries.contains { $0.name.hasPrefix(part) } }
    guard missing.isEmpty else {
      let examples = file.entries.prefix(3).map(\.name).joined(separator: ", ")
      throw ModelFileError.unknownLayout(
        path: path, found: "tensors such as \(examples), and none that begins with \(missing.joined(separator: ", "))",
        expected: "a whole checkpoint, with tensors that begin with \(parts.joined(separator: ", "))")
    }
  }

  /// What programs for training put before every name.
  private static let trainer = "state_dict."

  private static func withoutTrainer(_ file: SafetensorsFile) throws(Fault) -> any TensorSource {
    guard file.entries.contains(where: { $0.name.hasPrefix(trainer) }) else { return file }
    return try RenamedTensors(file) { entry in
      let isNamed = entry.name.hasPrefix(trainer)
      return [.init(isNamed ? String(entry.name.dropFirst(trainer.count)) : entry.name, shape: entry.shape)]
    }
  }

  /// Tables of the noise schedule, averaged copies of weights, and networks of other tasks, which are not used.
  private static let unused = [
    "model_ema.", "alphas_cumprod", "betas", "sqrt_", "log_one_minus_", "posterior_", "lvlb_weights", "logvar",
    "scale_factor", "global_step", "depth_model.", "low_scale_model.",
  ]

  /// Tensors without numbers by which other programs know how the network was trained.
  private enum Marker {
    static let velocity = "v_pred"
    static let zeroSignal = "ztsnr"
  }

  /// What the user should know of tensors that belong to no part and are not known to be of no use.
  private var remarks: [String] {
    let parts = [SingleFileUNet.prefix, SingleFileAutoencoder.prefix, SingleFileText.prefix]
    let known = parts + Self.unused + [Marker.velocity, Marker.zeroSignal]
    let strange = file.entries.map(\.name).filter { name in !known.contains { name.hasPrefix($0) } }
    guard !strange.isEmpty else { return [] }
    return [
      "\(file.path): tensors that belong to no part of Stable Diffusion are not used:\n"
        + strange.map { "  \(file.nameInFile($0))" }.joined(separator: "\n")
    ]
  }

  /// The folder with settings: the one given, or one beside the file.
  private func settings(_ given: String?) throws(Fault) -> ModelFolder? {
    if let given { return ModelFolder(path: try ModelCache.resolved(given)) }
    let url = URL(fileURLWithPath: file.path)
    return [url.deletingPathExtension(), url.deletingLastPathComponent()].map { ModelFolder(path: $0.path) }
      .first(where: \.hasSettings)
  }

  /// Everything that the file and its settings say before any weight is read; errors go into `errors`.
  func description(settings given: String?, tokenizer: String?, _ errors: inout ErrorCollection) -> ModelDescription {
    var settings: ModelFolder?
    _ = errors.collect { settings = try self.settings(given) }
    var description = ModelDescription()
    let unetTensors = errors.collect { try SingleFileUNet.tensors(file) }
    let autoencoderTensors = errors.collect { try SingleFileAutoencoder.tensors(file) }
    let textTensors = errors.collect { try SingleFileText.tensors(file) }
    if let unetTensors {
      let own = errors.collect { () throws -> (configuration: UNet2DConditionModel.Configuration, sampleSize: [Int]?) in
        try settings?.unetSettings(&description.notes) ?? SingleFileShapes(tensors: unetTensors).unetSettings()
      }
      description.unet = own.map { .init($0.configuration, unetTensors) }
      description.sampleSize = own?.sampleSize
    }
    if let autoencoderTensors {
      description.autoencoder = errors.collect {
        .init(
          try settings?.autoencoderConfiguration(&description.notes)
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
    description.notes += remarks
    let isVelocity = file.contains(Marker.velocity)
    let prediction = isVelocity ? .v : description.unet?.configuration.assumedPrediction
    description.facts = errors.collect {
      guard var facts = try settings?.facts(tokenizer: tokenizer) else {
        guard let tokenizer else {
          throw ModelFileError.missing(path: file.path, lookedFor: ["a folder of its tokenizer, which must be given"])
        }
        return ModelFacts(
          path: file.path, tokenizerFolder: try ModelFolder.checkedTokenizer(tokenizer), assumedPrediction: prediction,
          endsWithoutSignal: file.contains(Marker.zeroSignal))
      }
      facts.path = file.path
      facts.endsWithoutSignal = file.contains(Marker.zeroSignal)
      // What the weights' own file says counts more than settings that came from elsewhere.
      if facts.schedulerConfigPath == nil || isVelocity { facts.assumedPrediction = prediction }
      return facts
    }
    return description
  }
}
