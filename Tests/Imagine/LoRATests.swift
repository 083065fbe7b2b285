import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

/// Adapters give the numbers of diffusers and PEFT, whatever their files call the layers, and nothing in a file is ignored
/// silently.
@Suite struct LoRATests {
  private let golden: SafetensorsFile
  private var unet: UNet2DConditionModel
  private var text: CLIPTextModel

  init() throws {
    golden = try Self.file("golden")
    let model = try StableDiffusionModel(path: Fixtures.checkpoint("sd1"))
    (unet, text) = (model.unet, model.text.encoder)
  }

  private static func file(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: Fixtures.path("lora-\(name).safetensors"))
  }

  /// A new file with a file's tensors under other names, and in other shapes where `reshape` knows one.
  private static func renamed(
    _ file: SafetensorsFile, reshape: (_ name: String, _ shape: [Int]) -> [Int]? = { _, _ in nil },
    adding added: [String: Tensor] = [:], _ rename: (String) -> String?
  ) throws -> TemporaryFile {
    var writer = SafetensorsWriter()
    for entry in file.entries {
      guard let name = rename(entry.name) else { continue }
      let tensor = try file.tensor(entry.name)
      writer.add(name, tensor.reshaped(to: reshape(entry.name, entry.shape) ?? entry.shape))
    }
    for (name, tensor) in added { writer.add(name, tensor) }
    let renamed = TemporaryFile("adapter.safetensors")
    try writer.write(to: renamed.path)
    return renamed
  }

  private func expectOutputs(_ name: String, _ parts: [String] = ["image", "text"]) throws {
    if parts.contains("image") {
      try expectAgreement(
        unet(golden.tensor("sample"), at: [500], context: golden.tensor("context")), golden.tensor("\(name).image"))
    }
    if parts.contains("text") {
      let numbers = try golden.tensor("tokens")
      let tokens = numbers.split(into: numbers.shape[0], along: 0).map { $0.values.map { Int32($0) } }
      try expectAgreement(text(tokens), golden.tensor("\(name).text"))
    }
  }

  @discardableResult
  private mutating func merge(_ name: String, scale: Float = 1) throws -> LoRAReport {
    try LoRA(path: Fixtures.path("lora-\(name).safetensors")).merge(into: &unet, text: &text, scale: scale)
  }

  /// Merges a temporary file.
  @discardableResult
  private mutating func merge(file: TemporaryFile, scale: Float = 1) throws -> LoRAReport {
    defer { withExtendedLifetime(file) {} }
    return try LoRA(path: file.path).merge(into: &unet, text: &text, scale: scale)
  }

  @Test(arguments: [("kohya", 0.8 as Float, 16), ("peft", 1, 7), ("processors", -0.6, 6)])
  func mergedNetworksAgreeWithDiffusers(name: String, scale: Float, layers: Int) throws {
    var merged = self
    try merged.expectOutputs("base")
    let report = try merged.merge(name, scale: scale)
    #expect(report.layers == layers && report.unmatched.isEmpty)
    try merged.expectOutputs(name)
  }

  @Test func severalAdaptersAddUp() throws {
    var merged = self
    try merged.merge("kohya", scale: 0.8)
    try merged.merge("peft", scale: -0.5)
    try merged.expectOutputs("both")
  }

  /// Layers under the names of the original code of latent diffusion.
  @Test func originalNamesAreTheSameLayers() throws {
    let original = [
      ("down_blocks_0_resnets_0_conv1", "input_blocks_1_0_in_layers_2"),
      ("down_blocks_0_downsamplers_0_conv", "input_blocks_2_0_op"),
      ("up_blocks_0_resnets_0_conv_shortcut", "output_blocks_0_0_skip_connection"),
      ("up_blocks_0_upsamplers_0_conv", "output_blocks_1_1_conv"), ("mid_block_attentions_0", "middle_block_1"),
      ("down_blocks_0_attentions_0", "input_blocks_1_1"), ("up_blocks_1_attentions_0", "output_blocks_2_1"),
      ("up_blocks_1_attentions_1", "output_blocks_3_1"), ("lora_te_", "lora_te1_"),
    ]
    var renamed = 0
    let path = try Self.renamed(Self.file("kohya")) { name in
      guard let (from, to) = original.first(where: { name.contains($0.0) }) else { return name }
      renamed += 1
      return name.replacingOccurrences(of: from, with: to)
    }
    #expect(try renamed == Self.file("kohya").entries.count)
    var merged = self
    #expect(try merged.merge(file: path, scale: 0.8).unmatched.isEmpty)
    try merged.expectOutputs("kohya")
  }

  /// Where a level attends, what enlarges it is its third part.
  @Test func upsamplerBehindAttentionHasItsOriginalName() throws {
    let kohya = try Self.file("kohya")
    let layer = "lora_unet_up_blocks_0_upsamplers_0_conv"
    let path = try Self.renamed(kohya) { name in
      name.hasPrefix(layer) ? name.replacingOccurrences(of: layer, with: "lora_unet_output_blocks_1_2_conv") : nil
    }
    var merged = self
    merged.unet = try StableDiffusionModel(path: Fixtures.checkpoint("sd2")).unet
    let before = merged.unet.tensors
    #expect(try merged.merge(file: path).layers == 1)
    let changed = zip(before, merged.unet.tensors).filter { $0.value.values != $1.value.values }.map(\.0.name)
    #expect(changed == ["upBlocks.0.upsamplers.0.conv.weight"])
  }

  /// What PEFT itself saves, with the name of the adapter in each key, here with alphas as tensors.
  @Test func keysOfPEFTAreTheSameLayers() throws {
    let file = try Self.file("processors")
    let names = [
      ("unet.", "base_model.model.unet."), (".processor.to_out_lora", ".to_out.0"), (".processor.to_q_lora", ".to_q"),
      (".processor.to_k_lora", ".to_k"), (".processor.to_v_lora", ".to_v"), (".lora_linear_layer", ""),
      (".down.", ".lora_A.style."), (".up.", ".lora_B.style."),
    ]
    func renamed(_ name: String) -> String { names.reduce(name) { $0.replacingOccurrences(of: $1.0, with: $1.1) } }
    let alphas = file.entries.filter { $0.name.contains(".down.") }.map {
      (renamed($0.name).replacingOccurrences(of: "lora_A.style.weight", with: "alpha"), Tensor([1], shape: []))
    }
    var merged = self
    // α = 1 at rank 2 halves what the file without alphas adds.
    try merged.merge(
      file: Self.renamed(file, adding: Dictionary(uniqueKeysWithValues: alphas), renamed), scale: -1.2)
    try merged.expectOutputs("processors")
  }

  /// The factors of a 1×1 convolution may be matrices, and those of a linear layer 1×1 convolutions.
  @Test func pointwiseFactorsMayBeMatrices() throws {
    let path = try Self.renamed(
      Self.file("kohya"),
      reshape: { name, shape in
        guard !name.hasSuffix("alpha"), shape.count < 4 || shape.suffix(2) == [1, 1] else { return nil }
        return shape.count == 4 ? Array(shape.prefix(2)) : shape + [1, 1]
      }, { $0 })
    var merged = self
    try merged.merge(file: path, scale: 0.8)
    try merged.expectOutputs("kohya")
  }

  @Test func decomposedWeightsAgreeWithPEFT() throws {
    var merged = self
    #expect(try merged.merge("dora", scale: 0.7).layers == 4)
    try merged.expectOutputs("dora", ["image"])
    #expect(try difference(golden.tensor("dora.image"), golden.tensor("base.image")) > 1e-2)
  }

  /// The same magnitudes as LyCORIS keeps them.
  @Test func decompositionOfOutputsIsTheSame() throws {
    let path = try Self.renamed(
      Self.file("dora"),
      reshape: { name, shape in
        guard name.hasSuffix("lora_magnitude_vector") else { return nil }
        return shape.count == 4 ? [shape[1], 1, 1, 1] : [shape[0], 1]
      }, { $0.replacingOccurrences(of: "lora_magnitude_vector", with: "dora_scale") })
    var merged = self
    try merged.merge(file: path, scale: 0.7)
    try merged.expectOutputs("dora", ["image"])
  }

  /// With the lengths of inputs' weights, the changed weight has these lengths and the directions of the sum.
  @Test func decompositionOfInputsGivesLengths() throws {
    let layer = "down_blocks.0.resnets.0.conv1"
    let lengths = (0..<8).map { 0.5 + Float($0) / 4 }
    func path(_ added: [String: Tensor]) throws -> TemporaryFile {
      try Self.renamed(Self.file("dora"), adding: added) { name in
        name.contains(layer) && !name.contains("magnitude") ? name : nil
      }
    }
    var (merged, plain) = (self, self)
    try merged.merge(file: path(["unet.\(layer).dora_scale": Tensor(lengths, shape: [1, 8, 1, 1])]))
    try plain.merge(file: path([:]))
    let name = "downBlocks.0.resnets.0.conv1.weight"
    let found = try #require(merged.unet.tensors.first { $0.name == name }).value
    let sum = try #require(plain.unet.tensors.first { $0.name == name }).value
    for input in 0..<8 {
      let (a, b) = (found.sliced(2, input..<input + 1), sum.sliced(2, input..<input + 1))
      expectAgreement(a, b.scaled(by: lengths[input] / Float(b.squaredNorm.squareRoot())))
    }
  }

  @Test func tensorsWithoutALayerAreListed() throws {
    let stray = ["lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_up.weight", "lora_unet_nowhere.alpha"]
    let added = Dictionary(uniqueKeysWithValues: stray.map { ($0, Tensor([1], shape: [1])) })
    var merged = self
    let report = try merged.merge(
      file: Self.renamed(Self.file("kohya"), adding: added) { $0 }, scale: 0.8)
    #expect(report.layers == 16 && Set(report.unmatched) == Set(stray))
    #expect(stray.allSatisfy { report.description.contains($0) })
    try merged.expectOutputs("kohya")
  }

  /// All that is wrong with a file is said at once, and the weights stay as they were.
  @Test func everyMisfitIsListed() throws {
    let layer = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_"
    func zeros(_ shape: Int...) -> Tensor { .zeros(shape) }
    let added = [
      layer + "k.lora_down.weight": zeros(2, 9),
      layer + "k.lora_up.weight": zeros(8, 3), layer + "v.lora_down.weight": zeros(2, 8),
      layer + "v.lora_up.weight": zeros(8, 2), layer + "v.alpha": zeros(2), layer + "v.lora_mid.weight": zeros(2, 2),
      layer + "v.dora_scale": zeros(4, 1), layer + "out_0.hada_w1_a": zeros(2, 2),
      "unet.mid_block.resnets.0.conv1.lora_A.weight": zeros(2, 16, 1, 1),
      "unet.mid_block.resnets.0.conv1.lora_B.weight": zeros(16, 2),
      "lora_unet_mid_block_resnets_0_conv1.lora_up.weight": zeros(16, 2, 1, 1), "emb_params": zeros(1),
    ]
    var merged = self
    let before = merged.unet.tensors.map(\.value.values)
    let problems = try merged.problems(
      of: Self.renamed(Self.file("dora"), adding: added) { $0 })
    for expected in [
      "attn1_to_k.lora_down.weight: found shape [2, 9], expected [2, 8, 1, 1] or [2, 8]",
      "attn1_to_k.lora_up.weight: found shape [8, 3], expected [8, 2, 1, 1] or [8, 2]",
      "attn1_to_v.alpha: found shape [2], expected [] or [1]", "\"lora_mid.weight\" is no part",
      "attn1_to_v.dora_scale: found shape [4, 1]", "\"hada_w1_a\" is no part",
      "conv1.lora_A.weight: found shape [2, 16, 1, 1], expected [2, 16, 3, 3]", "the same as",
    ] {
      #expect(problems.filter { $0.contains(expected) }.count == 1, "\(expected) in \(problems)")
    }
    #expect(merged.unet.tensors.map(\.value.values) == before)
  }

  /// What is said to be wrong with a file, which must not be accepted.
  private mutating func problems(of file: TemporaryFile) throws -> [String] {
    let error = #expect(throws: Fault.self) { try merge(file: file) }
    return error?.problems ?? []
  }

  @Test func halvesAndStrangersAreErrors() throws {
    let kohya = try Self.file("kohya")
    var merged = self
    let halves = try merged.problems(
      of: Self.renamed(kohya) { $0.hasSuffix("lora_up.weight") ? nil : $0 })
    #expect(halves.count == 16 && halves.allSatisfy { $0.contains("the file has no up for lora_") })
    let strangers = try merged.problems(of: Self.renamed(kohya) { "lora_transformer_" + $0 })
    #expect(strangers.count == kohya.entries.count)
    #expect(throws: Fault.self) { try LoRA(path: "/nowhere/lora.safetensors") }
    #expect(throws: ModelFileError.self) { try LoRA(path: "/nowhere/lora.pt") }
    try merged.expectOutputs("base")
  }
}
