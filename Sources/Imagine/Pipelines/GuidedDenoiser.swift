import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupTensors

/// A U-Net with all that conditions it: the text and its opposite, maps, further channels, a class.
package struct GuidedDenoiser: Sendable {
  let unet: UNet2DConditionModel
  let guidance: Guidance
  /// The text's features `[1, tokens, width]`, after those of the negative prompt where guidance is active: `[2, …]`.
  let context: Tensor
  package var controls: [ControlMap] = []
  /// Whether the maps steer the prompt's half alone and outer levels less: diffusers' `guess_mode`.
  package var guesses = false
  /// Channels beside those of the latents: `[1, height, width, further]`.
  var furtherChannels: Tensor?
  /// The label of the U-Net's class embedding.
  var label: Int?

  /// Guidance pays a second half of the batch only above 1, as in diffusers.
  package init(_ unet: UNet2DConditionModel, guidance: Guidance, prompt: Tensor, negative: Tensor) {
    self.unet = unet
    self.guidance = guidance
    context = guidance.scale > 1 ? concatenated([negative, prompt], along: 0) : prompt
  }

  /// The prediction for one noisy latent image at a timestep.
  package func callAsFunction(_ noisy: Tensor, at timestep: Float) -> Tensor {
    let copies = context.shape[0]
    let latents = repeated(noisy)
    let input = furtherChannels.map { concatenated([latents, repeated($0)], along: 3) } ?? latents
    let times = [Float](repeating: timestep, count: copies)
    let output = unet(
      input, at: times, context: context, classLabels: label.map { .init(repeating: $0, count: copies) },
      control: residuals(noisy, at: timestep))
    guard copies == 2 else { return output }
    return guidance.combined(
      unconditional: output.sliced(0, 0..<1), conditional: output.sliced(0, 1..<2))
  }

  /// One image for each text.
  private func repeated(_ image: Tensor) -> Tensor {
    concatenated([Tensor](repeating: image, count: context.shape[0]), along: 0)
  }

  /// What all maps add to the U-Net's levels together.
  private func residuals(_ noisy: Tensor, at timestep: Float) -> ControlResiduals? {
    // Guessing looks at the prompt's half alone, the last one, and adds nothing to the other.
    let copies = context.shape[0]
    let seen = guesses ? copies - 1..<copies : 0..<copies
    func repeated(_ image: Tensor) -> Tensor { concatenated([Tensor](repeating: image, count: seen.count), along: 0) }
    return controls.map { map in
      let own = map.network(
        repeated(noisy), at: .init(repeating: timestep, count: seen.count), context: context.sliced(0, seen),
        image: repeated(map.image))
      let weighed = (guesses ? own.weightedForGuessing : own).scaled(by: map.scale)
      return seen.count < copies ? weighed.afterZeros : weighed
    }.reduce(nil) { sum, next in sum.map { $0 + next } ?? next }
  }
}
