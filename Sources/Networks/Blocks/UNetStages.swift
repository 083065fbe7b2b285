import LineupTensors

/// The way from one level of a U-Net to the next: a convolution, or a residual block that changes the resolution itself.
struct LevelExit<Convolution: Layer>: Module {
  var convolution: Convolution?
  var residual: ResidualBlock2D?

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    convolution?.visit(&visitor)
    residual?.visit(&visitor)
  }
}

/// One level on the way down: residual blocks, each with a mixer where the level has them, then half the resolution unless
/// it is the last.
struct DownStage<Mixer: PositionMixer>: Module {
  var resnets: [ResidualBlock2D]
  /// As many as residual blocks, or none.
  var attentions: [Mixer]
  var exit: LevelExit<Downsampler2D>?

  /// `mixer` makes the mixer of a residual block.
  init(
    level: Int, _ configuration: UNetConfiguration, mixer: (_ layer: Int, inout RandomStream) -> Mixer?,
    random: inout RandomStream
  ) {
    let outputs = configuration.channels[level]
    let inputs = configuration.channels[max(level - 1, 0)]
    var (resnets, attentions): ([ResidualBlock2D], [Mixer]) = ([], [])
    for layer in 0..<configuration.layers[level] {
      resnets.append(
        ResidualBlock2D(layer == 0 ? inputs : outputs, to: outputs, configuration.block, random: &random))
      if let mixer = mixer(layer, &random) { attentions.append(mixer) }
    }
    (self.resnets, self.attentions) = (resnets, attentions)
    guard level < configuration.channels.count - 1 else { return }
    exit =
      configuration.halving[level] == .convolution
      ? LevelExit(
        convolution: Downsampler2D(outputs, padding: configuration.downsamplePadding, random: &random))
      : LevelExit(
        residual: ResidualBlock2D(outputs, to: outputs, configuration.block, resampling: .halving, random: &random))
  }

  /// Every intermediate result is pushed for the way up.
  func callAsFunction(_ input: Tensor, time: Tensor, context: Tensor?, pushing skips: inout [Tensor]) -> Tensor {
    var hidden = input
    for (layer, resnet) in resnets.enumerated() {
      hidden = resnet(hidden, time: time)
      if !attentions.isEmpty { hidden = attentions[layer](hidden, context: context) }
      skips.append(hidden)
    }
    if let exit {
      hidden = exit.convolution?(hidden) ?? exit.residual!(hidden, time: time)
      skips.append(hidden)
    }
    return hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.children("attentions", &attentions)
    visitor.enter("downsamplers")
    visitor.child("0", &exit)
    visitor.leave()
  }
}

/// The lowest resolution: a residual block, and then, where there is more, a mixer and a second block.
struct MiddleStage<Mixer: PositionMixer>: Module {
  var resnets: [ResidualBlock2D]
  var attention: Mixer?

  init(
    _ configuration: UNetConfiguration, blocks: Int, mixer: (inout RandomStream) -> Mixer?,
    random: inout RandomStream
  ) {
    let channels = configuration.channels[configuration.channels.count - 1]
    resnets = (0..<blocks).map { _ in
      ResidualBlock2D(
        channels, to: channels, configuration.block, divisor: configuration.middleDivisor, random: &random)
    }
    attention = mixer(&random)
  }

  func callAsFunction(_ input: Tensor, time: Tensor, context: Tensor?) -> Tensor {
    var hidden = resnets[0](input, time: time)
    if let attention { hidden = attention(hidden, context: context) }
    for resnet in resnets.dropFirst() { hidden = resnet(hidden, time: time) }
    return hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.enter("attentions")
    visitor.child("0", &attention)
    visitor.leave()
  }
}

/// One level on the way up: one residual block more than on the way down, each on its input beside the next skip, then
/// twice the resolution unless it is the outermost.
struct UpStage<Mixer: PositionMixer>: Module {
  var resnets: [ResidualBlock2D]
  /// As many as residual blocks, or none.
  var attentions: [Mixer]
  var exit: LevelExit<Upsampler2D>?

  /// `skips` are the widths on the stack, popped here as `callAsFunction` pops the tensors.
  init(
    level: Int, popping skips: inout [Int], _ configuration: UNetConfiguration,
    mixer: (_ layer: Int, inout RandomStream) -> Mixer?, random: inout RandomStream
  ) {
    let outputs = configuration.channels[level]
    let inputs = configuration.channels[min(level + 1, configuration.channels.count - 1)]
    var (resnets, attentions): ([ResidualBlock2D], [Mixer]) = ([], [])
    for layer in 0...configuration.layers[level] {
      let width = (layer == 0 ? inputs : outputs) + skips.removeLast()
      resnets.append(ResidualBlock2D(width, to: outputs, configuration.block, random: &random))
      if let mixer = mixer(layer, &random) { attentions.append(mixer) }
    }
    (self.resnets, self.attentions) = (resnets, attentions)
    guard level > 0 else { return }
    exit =
      configuration.doubling[level] == .convolution
      ? LevelExit(convolution: Upsampler2D(outputs, random: &random))
      : LevelExit(
        residual: ResidualBlock2D(outputs, to: outputs, configuration.block, resampling: .doubling, random: &random))
  }

  func callAsFunction(_ input: Tensor, time: Tensor, context: Tensor?, popping skips: inout [Tensor]) -> Tensor {
    var hidden = input
    for (layer, resnet) in resnets.enumerated() {
      hidden = resnet(concatenated([hidden, skips.removeLast()], along: 3), time: time)
      if !attentions.isEmpty { hidden = attentions[layer](hidden, context: context) }
    }
    guard let exit, let next = skips.last else { return hidden }
    // An odd size does not come back by doubling: the next skip says what it was.
    return exit.convolution?(hidden, height: next.shape[1], width: next.shape[2])
      ?? exit.residual!(hidden, time: time)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.children("attentions", &attentions)
    visitor.enter("upsamplers")
    visitor.child("0", &exit)
    visitor.leave()
  }
}
