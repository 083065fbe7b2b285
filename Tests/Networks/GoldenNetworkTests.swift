import LineupFormats
import LineupNetworks
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

/// The conditional U-Net and the text encoder give the numbers of diffusers and transformers.
@Suite struct GoldenNetworkTests {
  @Test(arguments: [false, true]) func unetAgreesWithDiffusers(oddSize: Bool) throws {
    let name = oddSize ? "unet-odd-size" : "unet-three-levels"
    var random = RandomStream(seed: 1)
    var unet = UNet2DConditionModel(
      .init(
        inputs: 3, outputs: 2, channels: oddSize ? [4, 8] : [4, 8, 8], layersPerBlock: 1,
        attends: oddSize ? [true, false] : [true, true, false], heads: oddSize ? [1, 2] : [2, 2, 2], contextWidth: 6,
        groups: 2), random: &random)
    try DiffusersNames.unet(linearProjection: oddSize).load(into: &unet, from: NetworkFixtures.file(name))
    let golden = try NetworkFixtures.file("\(name)-golden")
    let output = try unet(
      golden.tensor("sample"), at: golden.tensor("times").values, context: golden.tensor("context"))
    try expectAgreement(output, golden.tensor("output"), tolerance: 1e-4)
  }

  @Test(arguments: [CLIPTextModel.Configuration.Activation.quickGELU, .gelu])
  func textEncoderAgreesWithTransformers(activation: CLIPTextModel.Configuration.Activation) throws {
    let name = activation == .gelu ? "text-gelu" : "text-quick-gelu"
    var random = RandomStream(seed: 1)
    var encoder = CLIPTextModel(
      .init(vocabulary: 40, contextLength: 9, width: 8, layers: 2, heads: 2, hidden: 20, activation: activation),
      random: &random)
    try DiffusersNames.plain.load(into: &encoder, from: NetworkFixtures.file(name))
    let golden = try NetworkFixtures.file("\(name)-golden")
    let numbers = try golden.tensor("tokens")
    let tokens = numbers.split(into: numbers.shape[0], along: 0).map { $0.values.map { Int32($0) } }
    try expectAgreement(encoder(tokens), golden.tensor("output"), tolerance: 1e-4)
    try expectAgreement(encoder(tokens, skippingLast: 1), golden.tensor("skipped"), tolerance: 1e-4)
  }

  /// What is exported under the libraries' names can be loaded again.
  @Test func exportedWeightsAreTheLoadedOnes() throws {
    var random = RandomStream(seed: 1)
    var unet = UNet2DConditionModel(
      .init(
        inputs: 3, outputs: 2, channels: [4, 8, 8], layersPerBlock: 1, attends: [true, true, false], heads: [2, 2, 2],
        contextWidth: 6, groups: 2), random: &random)
    let file = try NetworkFixtures.file("unet-three-levels")
    try DiffusersNames.unet().load(into: &unet, from: file)
    let exported = DiffusersNames.unet().exported(unet)
    #expect(Set(exported.map(\.name)) == Set(file.entries.map(\.name)))
    for tensor in exported {
      let original = try file.tensor(tensor.name)
      #expect(tensor.value.shape == original.shape && tensor.value.values == original.values, "\(tensor.name)")
    }
  }

  /// All that is wrong is said at once, and nothing is changed.
  @Test func everyMisfitOfAFileIsListed() throws {
    var random = RandomStream(seed: 1)
    var encoder = CLIPTextModel(
      .init(vocabulary: 41, contextLength: 9, width: 8, layers: 3, heads: 2, hidden: 20), random: &random)
    let before = encoder.parameters.map(\.value.values)
    do {
      try DiffusersNames.plain.load(into: &encoder, from: NetworkFixtures.file("text-gelu"))
      Issue.record("a file that does not fit was accepted")
    } catch let fault as Fault {
      #expect(
        fault.problems.contains("text_model.embeddings.token_embedding.weight: found shape [40, 8], expected [41, 8]"))
      #expect(fault.problems.filter { $0.contains("layers.2.") && $0.contains("missing") }.count == 16)
    }
    #expect(encoder.parameters.map(\.value.values) == before)
  }

  @Test func walksAreComplete() {
    var random = RandomStream(seed: 1)
    let configuration = UNet2DConditionModel.Configuration(
      channels: [4, 8], layersPerBlock: 1, heads: [2, 2], contextWidth: 6, groups: 2)
    expectCompleteWalk(UNet2DConditionModel(configuration, random: &random))
    expectCompleteWalk(
      CLIPTextModel(.init(vocabulary: 9, contextLength: 4, width: 8, layers: 2, heads: 2), random: &random))
  }

  /// The parameter counts of the published networks, reached by walking over shapes of a hundredth of their width.
  @Test func tensorsAreAsManyAsInStableDiffusion() {
    var random = RandomStream(seed: 1)
    let unet = UNet2DConditionModel(
      .init(
        channels: [4, 8, 16, 16], layersPerBlock: 2, attends: [true, true, true, false], heads: [2, 2, 2, 2],
        contextWidth: 6, groups: 2), random: &random)
    #expect(unet.parameters.count == 686)
    let text = CLIPTextModel(.init(vocabulary: 9, width: 8, layers: 12, heads: 2), random: &random)
    #expect(text.parameters.count == 196)
  }
}
