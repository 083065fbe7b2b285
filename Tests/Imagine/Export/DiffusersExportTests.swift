import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupStrictJSON
import LineupTensors
import Testing

/// A trained model's folder says all of the model and nothing else, and diffusers draws the harness's pictures from it.
///
/// `Fixtures/export-golden.safetensors` holds what diffusers makes of `ExportedModel`. To make it again:
///
///     LINEUP_RECORD_EXPORT=/tmp/export make test ARGS='--filter DiffusersExport'
///     python check_export.py /tmp/export /tmp/export/harness.safetensors --prompt "A red boot, it's 12 sheep!" \
///       --steps 10 --guidance 2 --record export-golden.safetensors
@Suite struct DiffusersExportTests {
  @Test func diffusersDrawsTheHarnesssPicture() throws {
    let model = try ExportedModel()
    defer { withExtendedLifetime(model) {} }
    let golden = try SafetensorsFile(path: Fixtures.path("export-golden.safetensors"))
    try #expect(
      model.learner.captions!.tokens(of: ExportedModel.prompt).map { Int($0) } == golden.integers("tokens"))
    try #expect(error(model.features(of: ExportedModel.prompt), golden.tensor("prompt_embeds")) < 1e-5)
    try #expect(error(model.features(of: ""), golden.tensor("negative_prompt_embeds")) < 1e-5)
    try #expect(error(nchw(model.initialLatents), golden.tensor("initial_latents")) < 1e-6)
    try #expect(error(nchw(model.image), golden.tensor("image")) < 1e-4)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["LINEUP_RECORD_EXPORT"] != nil))
  func record() throws {
    let model = try ExportedModel(folder: ProcessInfo.processInfo.environment["LINEUP_RECORD_EXPORT"])
    var writer = SafetensorsWriter()
    writer.add("prompt_embeds", model.features(of: ExportedModel.prompt))
    writer.add("negative_prompt_embeds", model.features(of: ""))
    writer.add("initial_latents", nchw(model.initialLatents))
    writer.add("image", nchw(model.image))
    try writer.write(to: model.path("harness.safetensors"))
  }

  @Test func everyTensorIsThereAndNoOther() throws {
    for weights in WeightChoice.allCases {
      let model = try ExportedModel(weights: weights)
      defer { withExtendedLifetime(model) {} }
      let denoiser = model.learner.denoiser(weights)
      try expectSame(
        denoiser.network as! UNet2DConditionModel, .unet(), model.path("unet/diffusion_pytorch_model.safetensors"))
      try expectSame(denoiser.encoder as! CLIPTextModel, .plain, model.path("text_encoder/model.safetensors"))
      try expectSame(
        model.learner.latentSpace!.autoencoder, .plain, model.path("vae/diffusion_pytorch_model.safetensors"))
    }
    let learner = ExportedModel.makeLearner()
    #expect(learner.denoiser(.average).tensors[0].value.values != learner.denoiser(.raw).tensors[0].value.values)
  }

  /// A module whose tensors are zero is the exported one again when it has read the file.
  private func expectSame(_ module: some Module, _ names: DiffusersNames, _ path: String) throws {
    var empty = module
    empty.forEachTensor { $1 = .zeros($1.shape) }
    try names.load(into: &empty, from: SafetensorsFile(path: path))
    #expect(empty.tensors.map(\.value.values) == module.tensors.map(\.value.values), "\(path)")
    #expect(try SafetensorsFile(path: path).metadata == ["format": "pt"])
  }

  @Test func configurationsDescribeTheNetworks() throws {
    let model = try ExportedModel()
    defer { withExtendedLifetime(model) {} }
    let unet = try DiffusersConfiguration(path: model.path("unet/config.json"))
    #expect(unet.sampleSize == [4, 6])
    #expect(
      try UNet2DConditionModel.Configuration(diffusers: unet)
        == (model.learner.denoiser(.raw).network as! UNet2DConditionModel).configuration)
    let vae = try DiffusersConfiguration(path: model.path("vae/config.json"))
    #expect(vae.sampleSize == [16, 24])
    var autoencoder = model.learner.latentSpace!.autoencoder.configuration
    autoencoder.decodedChannels = autoencoder.imageChannels
    (autoencoder.sampleSize, autoencoder.scalingFactor) = (16, 0.8)
    #expect(try AutoencoderKL.Configuration(diffusers: vae) == autoencoder)
    #expect(try json(model.path("vae/config.json"))["scaling_factor"]?.double == Double(Float(0.8)))

    let encoder = try CLIPTextModel.Configuration(transformers: model.path("text_encoder/config.json"))
    #expect(
      encoder == (model.learner.denoiser(.raw).encoder as! CLIPTextModel).configuration && encoder.contextLength == 16)
    let text = try json(model.path("text_encoder/config.json"))
    #expect(text["eos_token_id"]?.integer == model.learner.captions!.tokens(of: "").last.map { Int($0) })
    #expect(try json(model.path("tokenizer/tokenizer_config.json"))["model_max_length"] == 16)
    let image = try json(model.path("lineup.json"))["image"]
    #expect(image == ["height": 14, "width": 22, "channels": 1, "top": 1, "left": 1])
  }

  /// What is written of published shapes is read as the same shapes: levels without attention, linear projections, numbers
  /// that differ between levels.
  @Test(arguments: ["sd1", "sd2", "inpaint"]) func publishedShapesSurviveWritingAndReading(_ name: String) throws {
    let folder = Fixtures.checkpoint(name)
    let unet = try UNet2DConditionModel.Configuration(
      diffusers: DiffusersConfiguration(path: "\(folder)/unet/config.json"))
    #expect(
      try UNet2DConditionModel.Configuration(diffusers: parsed(unet.diffusersConfiguration(sampleSize: [8, 8]))) == unet
    )
    let vae = try AutoencoderKL.Configuration(diffusers: DiffusersConfiguration(path: "\(folder)/vae/config.json"))
    let written = vae.diffusersConfiguration(
      sampleSize: [vae.sampleSize, vae.sampleSize], scalingFactor: vae.scalingFactor)
    #expect(try AutoencoderKL.Configuration(diffusers: parsed(written)) == vae)
  }

  @Test func theAttentionOfAnAutoencodersLevelsSurvives() throws {
    var vae = AutoencoderKL.Configuration()
    vae.channels = [4, 8, 8]
    vae.groups = 4
    vae.decodedChannels = 2
    (vae.encoderAttention, vae.decoderAttention) = ([0], [1, 2])
    (vae.midBlockAttention, vae.convolvesMoments, vae.activation) = (false, false, .mish)
    let written = vae.diffusersConfiguration(
      sampleSize: [vae.sampleSize, vae.sampleSize], scalingFactor: vae.scalingFactor)
    #expect(try AutoencoderKL.Configuration(diffusers: parsed(written)) == vae)
  }

  @Test func theTokenizersFilesGiveTheSameNumbers() throws {
    let model = try ExportedModel()
    defer { withExtendedLifetime(model) {} }
    let read = try ByteLevelBPETokenizer(
      vocabularyJSON: String(contentsOfFile: model.path("tokenizer/vocab.json"), encoding: .utf8),
      mergesText: String(contentsOfFile: model.path("tokenizer/merges.txt"), encoding: .utf8))
    #expect(read.merges == model.learner.captions!.tokenizer.merges && !read.merges.isEmpty)
    for text in [ExportedModel.prompt, "", "a blue sheep \"\\ ünïcode 靴"] {
      #expect(read.encode(text, length: 16) == model.learner.captions!.tokens(of: text))
    }
  }

  private func parsed(_ value: JSONValue) throws -> DiffusersConfiguration {
    try DiffusersConfiguration(parsing: Array(value.indentedText.utf8), path: "config.json")
  }

  private func json(_ path: String) throws -> JSONValue {
    try JSONParser.parse(Array(Data(contentsOf: URL(fileURLWithPath: path))), source: path).document.value
  }

  private func nchw(_ images: Tensor) -> Tensor { images.permuted([0, 3, 1, 2]) }

  /// The largest difference over the largest number; infinity where the shapes differ.
  private func error(_ a: Tensor, _ b: Tensor) -> Float {
    a.shape == b.shape ? abs(a - b).values.max()! / abs(b).values.max()! : .infinity
  }
}
