import LineupFormats
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// ControlNets give the numbers of diffusers, and so do the U-Nets that they steer, on latents of odd size.
@Suite struct ControlNetTests {
  private let golden: SafetensorsFile

  init() throws { golden = try NetworkFixtures.file("network-golden") }

  private func residuals(_ control: ControlNet, image: Int = 0) throws -> ControlResiduals {
    try control(
      golden.tensor("control.sample"), at: golden.tensor("control.times").values,
      context: golden.tensor("control.context"), image: golden.tensor("control.image.\(image)"))
  }

  private func steered(by residuals: ControlResiduals?) throws -> Tensor {
    try NetworkFixtures.unet(of: "sd1")(
      golden.tensor("control.sample"), at: golden.tensor("control.times").values,
      context: golden.tensor("control.context"), control: residuals)
  }

  @Test func residualsAgreeWithDiffusers() throws {
    let found = try residuals(NetworkFixtures.control())
    #expect(found.skips.count == 4)
    for (index, skip) in found.skips.enumerated() {
      try expectAgreement(skip, golden.tensor("control.skip.\(index)"))
    }
    try expectAgreement(found.middle, golden.tensor("control.middle"))
  }

  @Test func steeredNetworkAgreesWithDiffusers() throws {
    let control = try NetworkFixtures.control()
    let first = try residuals(control).scaled(by: 0.7)
    let expected = try golden.tensor("control.output.0.7")
    try expectAgreement(steered(by: first), expected)
    #expect(try difference(steered(by: nil), expected) > 1e-2)
    let second = try residuals(control, image: 1).scaled(by: 0.4)
    try expectAgreement(steered(by: first + second), golden.tensor("control.output.two"))
  }

  @Test func guessingWeighsTheLevels() throws {
    let found = try residuals(NetworkFixtures.control()).weightedForGuessing.scaled(by: 0.7)
    for (index, skip) in found.skips.enumerated() {
      try expectAgreement(skip, golden.tensor("control.guess.\(index)"))
    }
    try expectAgreement(found.middle, golden.tensor("control.guess.middle"))
    try expectAgreement(steered(by: found), golden.tensor("control.output.guess"))
  }

  @Test func channelsCanBeReversed() throws {
    let reversed = try residuals(NetworkFixtures.control(reversingChannels: true)).middle
    try expectAgreement(reversed, golden.tensor("control.bgr.middle"))
    #expect(try difference(reversed, golden.tensor("control.middle")) > 1e-3)
  }

  /// Linear projections, two blocks a level, classes, and an image eight times as large as the latents.
  @Test func controlNetWithClassesAgreesWithDiffusers() throws {
    let name = "network-classes-controlnet"
    let control = try NetworkFixtures.control(
      ControlNet.Configuration(diffusers: NetworkFixtures.configuration(name)), NetworkFixtures.file(name))
    let unet = try NetworkFixtures.unet(
      NetworkFixtures.configuration("network-classes-unet"), NetworkFixtures.file("network-classes-unet"))
    #expect(control.imageFactor == 8)
    let (sample, context) = try (golden.tensor("classes.sample"), golden.tensor("classes.context"))
    let times = try golden.tensor("classes.times").values
    let residuals = try control(
      sample, at: times, context: context, image: golden.tensor("classes.image"), classLabels: [0, 5])
    try expectAgreement(
      unet(sample, at: times, context: context, classLabels: [0, 5], control: residuals),
      golden.tensor("classes.controlled"))
    try expectSameTensors(
      DiffusersNames.unet(linearProjection: true).exported(control), NetworkFixtures.file(name))
  }

  /// A fresh ControlNet changes nothing, so that its training begins at the steered network (Zhang et al. 2023).
  @Test func freshControlNetAddsNothing() throws {
    let unet = try NetworkFixtures.unet(of: "sd1")
    var shape = ControlNet.Configuration(for: unet.configuration)
    shape.imageWidths = [4, 8]
    var random = RandomStream(seed: 3)
    let control = ControlNet(shape, random: &random)
    expectCompleteWalk(control)
    try #expect(steered(by: residuals(control)).values == steered(by: nil).values)
  }

  /// As many tensors as the published network of Stable Diffusion 1, by walking over a shape of less width.
  @Test func tensorsAreAsManyAsPublished() {
    let unet = UNet2DConditionModel.Configuration(
      channels: [4, 8, 16, 16], layersPerBlock: 2, attends: [true, true, true, false], heads: [2, 2, 2, 2],
      contextWidth: 6, groups: 2)
    var random = RandomStream(seed: 1)
    #expect(ControlNet(.init(for: unet), random: &random).parameters.count == 340)
  }

  @Test(arguments: [
    (#""global_pool_conditions": true"#, "global_pool_conditions"), (#""mid_block_type": null"#, "mid_block_type"),
    (#""controlnet_conditioning_channel_order": "gbr""#, "controlnet_conditioning_channel_order"),
    (#""class_embed_type": "projection""#, "class_embed_type"), (#""out_channels": 4"#, "out_channels"),
    (#""layers_per_block": [2, 2, 2, 2]"#, "layers_per_block"),
    (#""conditioning_embedding_out_channels": null"#, "conditioning_embedding_out_channels"),
  ])
  func settingsThatCannotBeHonouredAreNamed(member: String, key: String) throws {
    let file = try DiffusersConfiguration(
      parsing: Array(#"{"_class_name": "ControlNetModel", \#(member)}"#.utf8), path: "config.json")
    let error = #expect(throws: DiffusersConfigurationError.self) { try ControlNet.Configuration(diffusers: file) }
    guard case .unfit(path: "config.json", let problems)? = error else { return }
    #expect(problems.map(\.key) == [key])
  }
}
