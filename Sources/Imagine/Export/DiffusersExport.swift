import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// Writes a latent diffusion model that the harness trained as a folder in the layout of diffusers, which
/// `StableDiffusionPipeline` opens.
///
/// Beside the pipeline's parts stands `lineup.json`: where the model comes from, and which part of a drawn picture is the
/// image, because the autoencoder works on images with a frame around them.
package struct DiffusersExport {
  let process: DiffusionProcess
  let space: FirstStageSpace
  let unet: UNet2DConditionModel
  let text: CLIPTextModel
  let tokenizer: ByteLevelBPETokenizer
  let origin: JSONValue

  /// - Parameters:
  ///   - weights: which weights of U-Net and text encoder; a learner without an average has its raw ones only.
  ///   - origin: what `lineup.json` says about where the model comes from, an object.
  /// - Returns: nil where the learner is no latent diffusion model that captions are told to.
  package init?(_ learner: any Learner, weights: WeightChoice = .average, origin: JSONValue = [:]) {
    guard let learner = learner as? DiffusionLearner, let space = learner.latentSpace, let captions = learner.captions,
      let unet = learner.denoiser(weights).network as? UNet2DConditionModel,
      let text = learner.denoiser(weights).encoder as? CLIPTextModel
    else { return nil }
    (process, self.space, self.unet, self.text) = (learner.process, space, unet, text)
    (tokenizer, self.origin) = (captions.tokenizer, origin)
  }

  /// Writes the folder, which is made if it is not there. `model_index.json`, without which nothing opens the folder, comes
  /// last.
  ///
  /// - Returns: the paths of the files.
  package func write(to folder: String) throws(Fault) -> [String] {
    var files = FolderWriter(folder: folder)
    try writeTextEncoder(&files)
    try writeTokenizer(&files)
    try writeUNet(&files)
    try writeAutoencoder(&files)
    try files.write(
      SchedulerExport(schedule: process.noise, prediction: process.prediction).ddim,
      to: "scheduler/scheduler_config.json")
    try files.write(description, to: "lineup.json")
    try files.write(Self.index, to: "model_index.json")
    return files.paths
  }

  private func writeUNet(_ files: inout FolderWriter) throws(Fault) {
    let configuration = unet.configuration
    try files.write(configuration.diffusersConfiguration(sampleSize: latentSize), to: "unet/config.json")
    try files.write(
      DiffusersNames.unet(linearProjection: configuration.linearProjection).exported(unet),
      to: "unet/diffusion_pytorch_model.safetensors")
  }

  private func writeAutoencoder(_ files: inout FolderWriter) throws(Fault) {
    let autoencoder = space.autoencoder
    // 0 stands for a scale that nobody has measured yet; samples are then decoded as they are.
    let scale = space.latentScale.values[0]
    try files.write(
      autoencoder.configuration.diffusersConfiguration(
        sampleSize: Array(space.frame.paddedShape.prefix(2)), scalingFactor: scale > 0 ? scale : 1),
      to: "vae/config.json")
    try files.write(
      DiffusersNames.plain.exported(autoencoder), to: "vae/diffusion_pytorch_model.safetensors")
  }

  private func writeTextEncoder(_ files: inout FolderWriter) throws(Fault) {
    try files.write(
      text.configuration.transformersConfiguration(of: tokenizer), to: "text_encoder/config.json")
    try files.write(DiffusersNames.plain.exported(text), to: "text_encoder/model.safetensors")
  }

  private func writeTokenizer(_ files: inout FolderWriter) throws(Fault) {
    try files.write(tokenizer.vocabularyJSON, to: "tokenizer/vocab.json")
    try files.write(tokenizer.mergesText, to: "tokenizer/merges.txt")
    try files.write(
      tokenizer.transformersConfiguration(length: text.configuration.contextLength),
      to: "tokenizer/tokenizer_config.json")
    try files.write(tokenizer.specialTokens, to: "tokenizer/special_tokens_map.json")
  }

  /// Height and width of the latents.
  private var latentSize: [Int] {
    Array(space.autoencoder.latentShape(of: space.frame.paddedShape).prefix(2))
  }

  private var description: JSONValue {
    let frame = space.frame
    return [
      "format": "lineup.diffusers",
      "origin": origin,
      "image": [
        "height": .number(JSONNumber(frame.sampleShape[0])), "width": .number(JSONNumber(frame.sampleShape[1])),
        "channels": .number(JSONNumber(frame.sampleShape[2])),
        "top": .number(JSONNumber(frame.top)), "left": .number(JSONNumber(frame.left)),
      ],
    ]
  }

  private static let index: JSONValue = [
    "_class_name": "StableDiffusionPipeline",
    "feature_extractor": [.null, .null],
    "image_encoder": [.null, .null],
    "requires_safety_checker": false,
    "safety_checker": [.null, .null],
    "scheduler": ["diffusers", .string(SamplerRule.ddim.className)],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
  ]
}

/// Writes the files of a folder, each whole or not at all, and remembers their paths.
private struct FolderWriter {
  let folder: String
  private(set) var paths: [String] = []

  init(folder: String) { self.folder = folder }

  mutating func write(_ value: JSONValue, to name: String) throws(Fault) {
    try write(value.indentedText, to: name)
  }

  mutating func write(_ text: String, to name: String) throws(Fault) {
    try DurableFile.write(text, to: makePath(name))
  }

  mutating func write(_ tensors: [NamedTensor], to name: String) throws(Fault) {
    var writer = SafetensorsWriter()
    // transformers refuses files that do not say which library's layout they have.
    writer.metadata = ["format": "pt"]
    for tensor in tensors { writer.add(tensor.name, tensor.value) }
    try writer.write(to: makePath(name))
  }

  /// The path of a file whose folder is there.
  private mutating func makePath(_ name: String) throws(Fault) -> String {
    let path = "\(folder)/\(name)"
    try Folder.make((path as NSString).deletingLastPathComponent)
    paths.append(path)
    return path
  }
}
