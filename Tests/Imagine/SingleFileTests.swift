import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

@Suite struct SingleFileTests {
  /// The tensors of a folder as one file has them, with some that are of no use to anyone.
  private func singleFile(of folder: TemporaryCheckpoint, second: Bool) throws -> [(name: String, value: Tensor)] {
    let names = SingleFileNames(layers: 1, levels: 2, attends: second ? [true, true] : [true, false])
    var tensors = try folder.tensors("unet/diffusion_pytorch_model.safetensors").map { (names.unet($0.name), $0.value) }
    tensors += try folder.tensors("vae/diffusion_pytorch_model.safetensors").map {
      SingleFileNames.autoencoder($0.name, $0.value, levels: second ? 3 : 2)
    }
    let text = try folder.tensors("text_encoder/model.safetensors")
    tensors +=
      second
      ? SingleFileNames.openCLIP(text, layers: 3)
      : text.map { ("cond_stage_model.transformer.text_model." + $0.name, $0.value) } + [
        ("cond_stage_model.transformer.text_model.embeddings.position_ids", .ones([1, 77]))
      ]
    let unused = ["betas", "model_ema.decay", "first_stage_model.loss.logvar", "sqrt_one_minus_alphas_cumprod"]
    return tensors + unused.map { ($0, .ones([1])) }
  }

  @Test(arguments: [false, true]) func aSingleFileIsTheFolderAgain(second: Bool) throws {
    let copy = try TemporaryCheckpoint(copying: second ? "sd2" : "sd1")
    let folder = try StableDiffusionModel(path: copy.path)
    let expected = ModelFolderTests.weights(folder)
    let tensors = try singleFile(of: copy, second: second)
    // Beside its settings, in a folder of its own with the settings given, and beside a folder of its name.
    try copy.write(tensors, to: "model.safetensors")
    let alone = try TemporaryCheckpoint()
    try copy.write(tensors, to: "../\(URL(fileURLWithPath: alone.path).lastPathComponent)/model.safetensors")
    let beside = try StableDiffusionModel(path: copy.file("model.safetensors"))
    let given = try StableDiffusionModel(path: alone.file("model.safetensors"), settings: copy.path)
    try FileManager.default.copyItem(atPath: copy.path, toPath: alone.file("model"))
    let named = try StableDiffusionModel(path: alone.file("model.safetensors"))
    for model in [beside, given, named] {
      #expect(ModelFolderTests.weights(model) == expected)
      #expect(model.unet.configuration == folder.unet.configuration && model.scalingFactor == folder.scalingFactor)
      #expect(model.facts.assumedPrediction == nil && model.facts.schedulerConfigPath != nil)
    }
    #expect(beside.facts.tokenizerFolder == copy.file("tokenizer"))
  }

  @Test func whatDoesNotFitASingleFileIsTold() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    var tensors = try singleFile(of: copy, second: false)
    tensors.removeAll { $0.name == "model.diffusion_model.input_blocks.1.0.in_layers.2.bias" }
    tensors += [
      ("first_stage_model.stranger", .ones([1])), ("cond_stage_model.stranger", .ones([1])), ("stranger", .ones([1])),
      ("model.diffusion_model.input_blocks.1.0.stranger", .ones([1])), ("model.diffusion_model.", .ones([1])),
      ("first_stage_model.", .ones([1])),
    ]
    let misshapen = "first_stage_model.decoder.up.0.block.0.conv1.bias"
    tensors = tensors.map { $0.name == misshapen ? (misshapen, .ones([3])) : $0 }
    try copy.write(tensors, to: "model.safetensors")
    let text = failure { try StableDiffusionModel(path: copy.file("model.safetensors")) }
    for expected in [
      "down_blocks.0.resnets.0.conv1.bias: missing, expected shape [8]",
      "model.diffusion_model.input_blocks.1.0.stranger: in the file, but the model has no such tensor",
      "\(misshapen): found shape [3], expected [8]", "first_stage_model.: in the file",
      "belong to no part of Stable Diffusion are not used:\n  stranger",
      "  cond_stage_model.stranger: in the file", "first_stage_model.stranger: in the file",
    ] { #expect(text.contains(expected), "\(expected) in \(text)") }
  }

  /// Three in one tensor, of which a length that is no multiple of three makes no parts.
  @Test(arguments: [[], [71], [71, 24]]) func projectionsThatAreNotThreeAreTold(shape: [Int]) throws {
    let copy = try TemporaryCheckpoint(copying: "sd2")
    let name = "cond_stage_model.model.transformer.resblocks.1.attn.in_proj_weight"
    let tensors = try singleFile(of: copy, second: true).map { $0.name == name ? (name, .ones(shape)) : $0 }
    try copy.write(tensors, to: "model.safetensors")
    let text = failure { try StableDiffusionModel(path: copy.file("model.safetensors")) }
    #expect(text.contains("\(name): found shape \(shape), expected [24, 24]"), "\(text)")
  }

  /// Marks and further tensors of other programs, and the prefix of a trainer.
  @Test func marksOfOtherProgramsAreUnderstood() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let expected = ModelFolderTests.weights(try StableDiffusionModel(path: copy.path))
    let plain = try singleFile(of: copy, second: false)
    try copy.write(plain, to: "model.safetensors")
    #expect(try StableDiffusionModel(path: copy.file("model.safetensors")).notes.isEmpty)
    let further: [(name: String, value: Tensor)] = [
      ("v_pred", .zeros([0])), ("ztsnr", .zeros([0])), ("embedding_manager.embedder.weight", .ones([2])),
      ("denoiser.sigmas", .ones([3])), ("cond_stage_model.transformer.text_projection.weight", .ones([16, 16])),
    ]
    try copy.write(
      plain.map { ("state_dict." + $0.name, $0.value) } + further.map { ("state_dict." + $0.name, $0.value) },
      to: "model.safetensors")
    let marked = try StableDiffusionModel(path: copy.file("model.safetensors"))
    #expect(ModelFolderTests.weights(marked) == expected)
    // The folder's own scheduler, PNDM for ε, gives way.
    #expect(marked.scheduler.predictionType == .v && marked.scheduler.rule == .ddim)
    #expect(try marked.scheduler.sampler(steps: 4).timesteps.first == 999)
    #expect(throws: SamplerError.self) { try marked.scheduler.sampler(named: .pndm, steps: 4) }
    let notes = marked.notes.joined(separator: "\n")
    for part in ["state_dict.embedding_manager.embedder.weight", "denoiser.sigmas", "predict v_prediction, as a mark"] {
      #expect(notes.contains(part), "\(notes)")
    }
    #expect(!notes.contains("v_pred\n") && !notes.contains("text_projection"), "\(notes)")
    let asked = try StableDiffusionModel(path: copy.path, prediction: .v)
    #expect(asked.scheduler.predictionType == .v && asked.scheduler.rule == .pndm)
  }

  /// A folder, a file with names of diffusers, and files of the other layout with and without the prefix.
  @Test func anotherAutoencoderTakesThePlaceOfTheOwn() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let names = "vae/diffusion_pytorch_model.safetensors"
    let doubled = try copy.tensors(names).map { (name: $0.name, value: $0.value.scaled(by: 2)) }
    let other = try TemporaryCheckpoint(copying: "sd1")
    try other.write(doubled, to: names)
    try other.write(doubled, to: "plain.safetensors")
    let single = doubled.map { SingleFileNames.autoencoder($0.name, $0.value, levels: 2) }
    try other.write(single, to: "part.safetensors")
    let bare = single.map { (String($0.0.dropFirst("first_stage_model.".count)), $0.1) }
    try other.write(bare, to: "bare.safetensors")
    let expected = ModelFolderTests.weights(try StableDiffusionModel(path: other.path))
    let own = ModelFolderTests.weights(try StableDiffusionModel(path: copy.path))
    #expect(own[1] != expected[1])
    for path in [
      other.path, other.file("vae"), other.file("plain.safetensors"), other.file("part.safetensors"),
      other.file("bare.safetensors"),
    ] {
      let found = ModelFolderTests.weights(try StableDiffusionModel(path: copy.path, autoencoder: path))
      #expect(found[0] == own[0] && found[1] == expected[1] && found[2] == own[2], "\(path)")
    }
    let text = failure { try StableDiffusionModel(path: copy.path, autoencoder: copy.file("unet")) }
    #expect(text.contains("unet/config.json"), "\(text)")
  }

  /// The text of the error that `body` throws.
  private func failure(_ body: () throws -> StableDiffusionModel) -> String {
    do {
      _ = try body()
      Issue.record("a file that does not fit was accepted")
      return ""
    } catch { return "\(error)" }
  }

  @Test func whatTensorsDoNotTellIsAskedFor() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let alone = try TemporaryCheckpoint()
    let path = alone.file("model.safetensors")
    try copy.write(
      singleFile(of: copy, second: false),
      to: "../\(URL(fileURLWithPath: alone.path).lastPathComponent)/model.safetensors")
    let text = failure { try StableDiffusionModel(path: path) }
    for expected in [
      "the U-Net has levels [8, 16] wide", "the autoencoder has levels [8, 16] wide", "a text encoder 16 wide",
      "Give the folder with the settings", "a folder of its tokenizer, which must be given",
    ] { #expect(text.contains(expected), "\(expected) in \(text)") }
    #expect(!failure { try StableDiffusionModel(path: path, tokenizer: copy.file("tokenizer")) }.contains("tokenizer"))
  }

  @Test func aFileOfOneNetworkIsNoCheckpoint() {
    let path = Fixtures.checkpoint("sd1") + "/unet/diffusion_pytorch_model.safetensors"
    let text = failure { try StableDiffusionModel(path: path) }
    #expect(text.contains("none that begins with model.diffusion_model., first_stage_model., cond_stage_model."))
  }

  /// Shapes of the published releases, without their weights.
  @Test(arguments: [(false, 4), (true, 4), (true, 9)]) func publishedShapesFollowFromTensors(second: Bool, inputs: Int)
    throws
  {
    var random = RandomStream.forLoading
    let channels = [320, 640, 1280, 1280]
    var expected = UNet2DConditionModel.Configuration(
      inputs: inputs, channels: channels, layersPerBlock: 2, attends: [true, true, true, false],
      heads: second ? [5, 10, 20, 20] : [8, 8, 8, 8], contextWidth: second ? 1024 : 768)
    expected.linearProjection = second
    let unet = UNet2DConditionModel(expected, random: &random)
    let names = SingleFileNames(layers: 2, levels: 4, attends: [true, true, true, false])
    let source = ShapesOnly(
      DiffusersNames.unet(linearProjection: second).shapes(of: unet).map { (names.unet($0.name), $0.shape) })
    let found = try SingleFileUNet.tensors(source)
    #expect(Set(found.entries.map(\.name)) == Set(DiffusersNames.plain.shapes(of: unet).map(\.name)))
    let settings = try SingleFileShapes(tensors: found).unetSettings()
    #expect(settings.configuration == expected)
    #expect(settings.configuration.assumedPrediction == (second && inputs == 4 ? .v : .epsilon))
  }
}

/// A source that has shapes and no bytes.
private struct ShapesOnly: TensorSource {
  let path = "shapes"
  let entries: [TensorEntry]

  init(_ shapes: [(name: String, shape: [Int])]) {
    entries = shapes.map { TensorEntry(name: $0.name, dtype: "F32", shape: $0.shape, offsets: 0..<0) }
  }

  func entry(_ name: String) -> TensorEntry? { entries.first { $0.name == name } }
  func withBytes(of name: String, _ body: (UnsafeRawBufferPointer) -> Void) {}
}
