import LineupTensors

/// The residual block of diffusers' networks (`ResnetBlock2D`): two 3×3 convolutions, each after normalisation and
/// activation, and between them, where there is one, the embedding of the noise level. The walk's names are those there in
/// camel case.
package struct ResidualBlock2D: Module {
  /// How the embedding of the noise level enters.
  package enum TimeModulation: String, Sendable, Hashable, CaseIterable {
    /// Added to each channel before the second normalisation.
    case shift = "default"
    /// A factor less one and an offset for each channel after the second normalisation (Dhariwal and Nichol 2021).
    case scaleAndShift = "scale_shift"
  }

  /// What a block does to the resolution, between the first activation and the first convolution and in the shortcut.
  package enum Resampling: Sendable, Hashable { case keeping, halving, doubling }

  /// What all blocks of one network have in common.
  package struct Options: Sendable, Hashable {
    /// Groups and epsilon of both normalisations.
    package var groups: Int
    package var epsilon: Float
    package var activation: Activation
    /// Width of the time embedding; blocks without one have none.
    package var timeWidth: Int?
    package var modulation: TimeModulation
    /// Whether the last convolution begins at zero, so that at first a block is its shortcut (Rombach et al. 2022).
    package var beginsAsShortcut: Bool

    package init(
      groups: Int, epsilon: Float, activation: Activation = .silu, timeWidth: Int? = nil,
      modulation: TimeModulation = .shift, beginsAsShortcut: Bool = false
    ) {
      (self.groups, self.epsilon, self.activation) = (groups, epsilon, activation)
      (self.timeWidth, self.modulation, self.beginsAsShortcut) = (timeWidth, modulation, beginsAsShortcut)
    }
  }

  var norm1: GroupNorm
  var conv1: Convolution2D
  var timeProjection: Linear?
  var norm2: GroupNorm
  var conv2: Convolution2D
  /// A 1×1 convolution where the number of channels changes.
  var shortcut: Convolution2D?
  let activation: Activation
  let modulation: TimeModulation
  let resampling: Resampling
  /// What the sum of shortcut and convolutions is divided by.
  let divisor: Float

  package init(
    _ inputs: Int, to outputs: Int, _ options: Options, resampling: Resampling = .keeping, divisor: Float = 1,
    random: inout RandomStream
  ) {
    norm1 = GroupNorm(groups: options.groups, channels: inputs, epsilon: options.epsilon)
    conv1 = Convolution2D(inputs, to: outputs, random: &random)
    modulation = options.modulation
    timeProjection = options.timeWidth.map {
      Linear($0, to: options.modulation == .shift ? outputs : 2 * outputs, random: &random)
    }
    norm2 = GroupNorm(groups: options.groups, channels: outputs, epsilon: options.epsilon)
    conv2 = Convolution2D(
      outputs, to: outputs, initializer: options.beginsAsShortcut ? .zeros : .uniformByFanIn, random: &random)
    shortcut = inputs == outputs ? nil : Convolution2D(inputs, to: outputs, kernel: 1, random: &random)
    activation = options.activation
    self.resampling = resampling
    self.divisor = divisor
  }

  /// `input` is `[batch, height, width, inputs]`; `time`, the activation of the time embedding, is `[batch, timeWidth]`.
  package func callAsFunction(_ input: Tensor, time: Tensor? = nil) -> Tensor {
    let direct = resampled(input)
    var hidden = conv1(resampled(norm1.activated(input, by: activation)))
    let modulator = time.flatMap { time in timeProjection?(time) }
    switch (modulation, modulator) {
    case (.shift, let shift):
      hidden = norm2.activated(hidden, by: activation, adding: shift)
    case (.scaleAndShift, let both?):
      let parts = both.split(into: 2, along: -1)
      hidden = norm2.activated(hidden, by: activation, modulation: (parts[0], parts[1]))
    case (.scaleAndShift, nil):
      hidden = norm2.activated(hidden, by: activation)
    }
    let sum = (shortcut?(direct) ?? direct) + conv2(hidden)
    return divisor == 1 ? sum : sum.scaled(by: 1 / divisor)
  }

  private func resampled(_ images: Tensor) -> Tensor {
    switch resampling {
    case .keeping: images
    case .halving: images.averagePooled(by: 2)
    case .doubling: images.upsampledNearest(by: 2)
    }
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("norm1", &norm1)
    visitor.child("conv1", &conv1)
    visitor.child("timeEmbProj", &timeProjection)
    visitor.child("norm2", &norm2)
    visitor.child("conv2", &conv2)
    visitor.child("convShortcut", &shortcut)
  }
}
