import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

@Suite struct ModelFolderTests {
  private static let unet = "unet/diffusion_pytorch_model.safetensors"
  private static let vae = "vae/diffusion_pytorch_model.safetensors"
  private static let text = "text_encoder/model.safetensors"

  /// All weights of a model, part by part.
  static func weights(_ model: StableDiffusionModel) -> [[[Float]]] {
    [model.unet.tensors, model.autoencoder.tensors, model.text.encoder.tensors].map { $0.map(\.value.values) }
  }

  /// That every tensor of a module, laid out as in a file, has the file's numbers.
  private func expectSame(_ module: some Module, _ names: DiffusersNames, as path: String, prefix: String = "") throws {
    let file = try SafetensorsFile(path: path)
    let exported = names.exported(module)
    #expect(exported.count == file.entries.count)
    for own in exported {
      let expected = try file.tensor(String(own.name.dropFirst(prefix.count)))
      #expect(own.value.shape == expected.shape && own.value.values == expected.values, "\(own.name)")
    }
  }

  @Test func theSchedulersOfAllFoldersAreRead() throws {
    for (name, folder, expected) in [
      ("sd1", "scheduler", SamplerRule.pndm), ("sd2", "scheduler", .ddim), ("upscale", "low_res_scheduler", .ddpm),
    ] {
      let configuration = try SchedulerConfiguration(
        path: Fixtures.checkpoint(name) + "/\(folder)/scheduler_config.json")
      #expect(configuration.rule == expected)
      #expect(configuration.predictionType == (name == "sd2" ? .v : .epsilon))
      #expect(configuration.trainTimesteps == 1000)
      for rule in SamplerRule.allCases { _ = try configuration.sampler(named: rule, steps: 8) }
    }
  }

  @Test(arguments: [
    ("sd1", "", Float(0.18215), 4), ("sd2", "", 0.13, 4), ("inpaint", ".fp16", 0.18215, 9),
    ("upscale", ".fp16", 0.08333, 7),
  ])
  func aFolderIsLoadedNumberForNumber(name: String, variant: String, scale: Float, inputs: Int) throws {
    let path = Fixtures.checkpoint(name)
    let model = try StableDiffusionModel(path: path)
    let names = DiffusersNames.unet(linearProjection: model.unet.configuration.linearProjection)
    try expectSame(model.unet, names, as: "\(path)/unet/diffusion_pytorch_model\(variant).safetensors")
    try expectSame(model.autoencoder, .plain, as: "\(path)/vae/diffusion_pytorch_model\(variant).safetensors")
    try expectSame(
      model.text.encoder, .plain, as: "\(path)/text_encoder/model\(variant).safetensors", prefix: "text_model.")
    #expect(model.scalingFactor == scale && model.unet.configuration.network.inputs == inputs)
    #expect(model.facts.tokenizerFolder == path + "/tokenizer" && model.facts.sampleSize == [8, 8])
    #expect(model.facts.schedulerConfigPath == path + "/scheduler/scheduler_config.json")
    let kind = [4: "", 9: "Inpaint", 7: "Upscale"][inputs]!
    #expect(model.facts.pipelineClass == "StableDiffusion\(kind)Pipeline" && model.facts.assumedPrediction == nil)
    #expect((model.facts.lowResolutionSchedulerPath != nil) == (inputs == 7))
    #expect(model.facts.maximumNoiseLevel == (inputs == 7 ? 350 : nil))
  }

  @Test func fullPrecisionIsPreferredToHalf() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    try copy.change(Self.unet, to: "unet/diffusion_pytorch_model.fp16.safetensors") { [($0, $1.scaled(by: 2))] }
    let both = try StableDiffusionModel(path: copy.path)
    try copy.remove(Self.unet)
    let half = try StableDiffusionModel(path: copy.path)
    let (expected, doubled) = (Self.weights(both)[0], Self.weights(half)[0])
    #expect(expected == Self.weights(try StableDiffusionModel(path: Fixtures.checkpoint("sd1")))[0])
    #expect(doubled == expected.map { $0.map { 2 * $0 } })
  }

  @Test func namesOfOtherVersionsLoadAlike() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let expected = Self.weights(try StableDiffusionModel(path: copy.path))
    try copy.change(Self.text) { [("text_model." + $0, $1)] }
    var text = try copy.tensors(Self.text)
    text.append(("text_model.embeddings.position_ids", .zeros([1, 77])))
    try copy.write(text, to: Self.text)
    try copy.change(Self.vae) { name, value in
      guard name.contains("attentions") else { return [(name, value)] }
      let old = [("to_q", "query"), ("to_k", "key"), ("to_v", "value"), ("to_out.0", "proj_attn")]
        .reduce(name) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
      return [(old, value.rank == 2 ? value.reshaped(to: value.shape + [1, 1]) : value)]
    }
    #expect(try copy.tensors(Self.vae).contains { $0.name.hasSuffix("attentions.0.proj_attn.weight") })
    #expect(Self.weights(try StableDiffusionModel(path: copy.path)) == expected)
  }

  @Test(arguments: [
    "diffusion_pytorch_model.safetensors.index.json", "diffusion_pytorch_model.safetensors.index.fp16.json",
    "diffusion_pytorch_model.fp16.safetensors.index.json",
  ])
  func shardsLoadAsOneFile(index: String) throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let expected = Self.weights(try StableDiffusionModel(path: copy.path))
    try shard(copy, index: index)
    #expect(Self.weights(try StableDiffusionModel(path: copy.path)) == expected)
  }

  private static let shards = ["a-00001-of-00002.safetensors", "a-00002-of-00002.safetensors"]

  /// Splits the U-Net's file in two.
  private func shard(_ copy: TemporaryCheckpoint, index: String) throws {
    let tensors = try copy.tensors(Self.unet)
    let half = tensors.count / 2
    try copy.write(tensors.prefix(half), to: "unet/" + Self.shards[0])
    try copy.write(tensors.dropFirst(half), to: "unet/" + Self.shards[1])
    let map = tensors.enumerated().map { "\"\($1.name)\": \"\(Self.shards[$0 < half ? 0 : 1])\"" }
    try copy.write("{\"metadata\": {}, \"weight_map\": {\(map.joined(separator: ", "))}}", to: "unet/" + index)
    try copy.remove(Self.unet)
  }

  /// The text of the error of a checkpoint that must not load, or of one file of it.
  private func failure(_ copy: TemporaryCheckpoint, _ name: String? = nil) -> String {
    do {
      _ = try StableDiffusionModel(path: name.map(copy.file) ?? copy.path)
      Issue.record("a checkpoint that does not fit was accepted")
      return ""
    } catch { return "\(error)" }
  }

  @Test func everythingThatIsWrongWithShardsIsTold() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let index = "diffusion_pytorch_model.safetensors.index.json"
    try shard(copy, index: index)
    let second = try copy.tensors("unet/" + Self.shards[1])
    let first = try copy.tensors("unet/" + Self.shards[0])
    try copy.write(first.dropFirst() + second.suffix(1), to: "unet/" + Self.shards[0])
    let text = failure(copy)
    #expect(text.contains("\(first[0].name): the index says that it is in \(Self.shards[0]), which has no such tensor"))
    #expect(text.contains("\(second.last!.name): both in \(Self.shards[0]) and in \(Self.shards[1])"))
    try copy.remove("unet/" + Self.shards[1])
    #expect(failure(copy).contains("unet/\(Self.shards[1]): cannot be read: there is no such file"))
  }

  @Test func problemsOfAllPartsAreOneError() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    try copy.change(Self.unet) { $0 == "conv_in.bias" ? [] : [($0, $1)] }
    try copy.change(Self.vae) { $0 == "quant_conv.bias" ? [($0, .zeros([9]))] : [($0, $1)] }
    try copy.change(Self.text) { [($0, $1)] + ($0.hasSuffix("token_embedding.weight") ? [("strange", $1)] : []) }
    let text = failure(copy)
    for expected in [
      "3 things are wrong", copy.file(Self.unet), "conv_in.bias: missing, expected shape [8]", copy.file(Self.vae),
      "quant_conv.bias: found shape [9], expected [8]", copy.file(Self.text),
      "strange: in the file, but the model has no such tensor",
    ] { #expect(text.contains(expected), "\(expected) in \(text)") }
  }

  @Test func aTruncatedFileIsTold() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: copy.file(Self.unet)))
    try bytes.dropLast(1000).write(to: URL(fileURLWithPath: copy.file(Self.unet)))
    let text = failure(copy)
    #expect(text.contains(copy.file(Self.unet)) && text.contains("it is truncated"))
    try bytes.prefix(200).write(to: URL(fileURLWithPath: copy.file(Self.unet)))
    #expect(failure(copy).contains("a truncated file, or no safetensors file"))
  }

  @Test func settingsThatCannotBeHonouredAreToldTogether() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    try copy.replace("\"layers_per_block\"", by: "\"layer_per_block\"", in: "unet/config.json")
    try copy.replace("\"shift_factor\": null", by: "\"shift_factor\": 0.1", in: "vae/config.json")
    try copy.remove("text_encoder/config.json")
    let text = failure(copy)
    for expected in [
      "unet/config.json", "layer_per_block: found 1, expected no such key in a UNet2DConditionModel",
      "vae/config.json", "shift_factor: found 0.1, expected null",
      "text_encoder/config.json: cannot be read: there is no such file",
    ] { #expect(text.contains(expected), "\(expected) in \(text)") }
  }

  /// Newer files have more keys than this program knows.
  @Test func keysThatNoClassKnowsAreAWarning() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    let expected = Self.weights(try StableDiffusionModel(path: copy.path))
    #expect(try StableDiffusionModel(path: copy.path).notes.isEmpty)
    for file in ["unet/config.json", "vae/config.json", "scheduler/scheduler_config.json"] {
      try copy.replace("\"_class_name\"", by: "\"new_key\": 7, \"_class_name\"", in: file)
    }
    let model = try StableDiffusionModel(path: copy.path)
    #expect(Self.weights(model) == expected && model.notes.count == 3)
    for (note, file) in zip(model.notes, ["unet/config.json", "vae/config.json", "scheduler/scheduler_config.json"]) {
      #expect(note.contains(file) && note.contains("new_key") && note.hasSuffix("it is not used"), "\(note)")
    }
    #expect(try model.scheduler.sampler(steps: 4).timesteps.count == 5)
  }

  /// The layout of Hugging Face's cache.
  @Test func aFolderOfTheCacheIsItsSnapshot() throws {
    let copy = try TemporaryCheckpoint()
    let cache = "models--someone--tiny"
    try FileManager.default.createDirectory(
      atPath: copy.file("\(cache)/snapshots"), withIntermediateDirectories: true)
    #expect(failure(copy, cache).contains("found no folder, expected one snapshot"))
    try FileManager.default.copyItem(
      atPath: Fixtures.checkpoint("sd2"), toPath: copy.file("\(cache)/snapshots/0a1b"))
    #expect(try StableDiffusionModel(path: copy.file(cache)).facts.path == copy.file("\(cache)/snapshots/0a1b"))
    try FileManager.default.copyItem(
      atPath: Fixtures.checkpoint("sd1"), toPath: copy.file("\(cache)/snapshots/2c3d"))
    #expect(failure(copy, cache).contains("found the folders 0a1b, 2c3d, and no refs/main that chooses"))
    try FileManager.default.createDirectory(atPath: copy.file("\(cache)/refs"), withIntermediateDirectories: true)
    try copy.write("2c3d\n", to: "\(cache)/refs/main")
    #expect(try StableDiffusionModel(path: copy.file(cache)).facts.path == copy.file("\(cache)/snapshots/2c3d"))
    try copy.write("../..", to: "\(cache)/refs/main")
    #expect(failure(copy, cache).contains("refs/main: found \"../..\", expected the name of a folder"))
  }

  @Test func missingPartsAreTold() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    for part in ["vae", "tokenizer"] { try copy.remove(part) }
    try copy.remove(Self.text)
    let text = failure(copy)
    for expected in [
      "vae/config.json: cannot be read", "vae: there is no such file or folder", "text_encoder: none of these is there",
      "model.fp16.safetensors", "tokenizer: none of these is there: vocab.json with merges.txt, tokenizer.json",
    ] { #expect(text.contains(expected), "\(expected) in \(text)") }
    #expect(throws: ModelFileError.self) { try StableDiffusionModel(path: copy.file("nothing")) }
  }

  @Test func picklesAreRefused() throws {
    let copy = try TemporaryCheckpoint(copying: "sd1")
    try copy.remove(Self.unet)
    try copy.write("a pickle", to: "unet/diffusion_pytorch_model.bin")
    #expect(failure(copy).contains("unet/diffusion_pytorch_model.bin: is a pickle file, which can run any code"))
    // By its name, and by how PyTorch's files begin.
    try copy.write("a pickle", to: "model.ckpt")
    try Data([0x50, 0x4B, 3, 4, 0]).write(to: URL(fileURLWithPath: copy.file("model.safetensors")))
    for name in ["model.ckpt", "model.safetensors"] {
      #expect(failure(copy, name).hasPrefix("\(copy.file(name)): is a pickle file"))
    }
    // A safetensors file of a header 0x0380 bytes long begins as a pickle does.
    let header = Array("{}".utf8) + [UInt8](repeating: 0x20, count: 0x037E)
    try Data([0x80, 3, 0, 0, 0, 0, 0, 0] + header).write(to: URL(fileURLWithPath: copy.file("model.safetensors")))
    #expect(failure(copy, "model.safetensors").contains("expected a whole checkpoint"))
  }
}
