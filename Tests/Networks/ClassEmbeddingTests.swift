import LineupFormats
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// U-Nets with a table of classes give the numbers of diffusers.
@Suite struct ClassEmbeddingTests {
  private let golden: SafetensorsFile

  init() throws { golden = try NetworkFixtures.file("network-golden") }

  /// The classes of the upscaler are noise levels.
  @Test func upscalerAgreesWithDiffusers() throws {
    let unet = try NetworkFixtures.unet(of: "upscale", variant: ".fp16")
    func output(_ levels: [Int]) throws -> Tensor {
      try unet(
        golden.tensor("upscale.sample"), at: golden.tensor("upscale.times").values,
        context: golden.tensor("upscale.context"), classLabels: levels)
    }
    let expected = try golden.tensor("upscale.output")
    try expectAgreement(output([20, 349]), expected)
    #expect(try difference(output([349, 20]), expected) > 1e-2)
  }

  /// Classes come between the two activations after the perceptron of the time, and the middle attends to itself whatever the
  /// levels do and whatever `mid_block_only_cross_attention` says.
  @Test func classesComeBeforeTheLastActivation() throws {
    let unet = try NetworkFixtures.unet(
      NetworkFixtures.configuration("network-classes-unet"), NetworkFixtures.file("network-classes-unet"))
    let output = try unet(
      golden.tensor("classes.sample"), at: golden.tensor("classes.times").values,
      context: golden.tensor("classes.context"), classLabels: [0, 5])
    try expectAgreement(output, golden.tensor("classes.output"))
  }

  /// The table keeps its layout in a file.
  @Test func exportedTensorsAreTheLoadedOnes() throws {
    let file = try NetworkFixtures.file("network-classes-unet")
    let unet = try NetworkFixtures.unet(NetworkFixtures.configuration("network-classes-unet"), file)
    expectSameTensors(DiffusersNames.unet(linearProjection: true).exported(unet), file)
    #expect(file.entry("class_embedding.weight")?.shape == [6, 16])
  }
}

/// Records an issue unless tensors are those of a file by name, shape and value.
func expectSameTensors(
  _ tensors: [NamedTensor], _ file: SafetensorsFile, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(Set(tensors.map(\.name)) == Set(file.entries.map(\.name)), sourceLocation: sourceLocation)
  for tensor in tensors {
    let original = try? file.tensor(tensor.name)
    #expect(
      original?.shape == tensor.value.shape && original?.values == tensor.value.values, "\(tensor.name)",
      sourceLocation: sourceLocation)
  }
}
