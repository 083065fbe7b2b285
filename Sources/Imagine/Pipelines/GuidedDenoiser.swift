import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupTensors

/// A U-Net with all that conditions it: the text and its opposite, maps, further channels, a class.
struct GuidedDenoiser: Sendable {
  let unet: UNet2DConditionModel
  let guidance: Guidance
  /// The text's features `[1, tokens, width]`, after those of the negative prompt where guidance is active: `[2, …]`.
  let context: Tensor
  var controls: [ControlMap] = []
  /// Channels beside those of the latents: `[1, height, width, further]`.
  var furtherChannels: Tensor?
  /// The label of the U-Net's class embedding.
  var label: Int?

  /// Guidance pays a second half of the batch only above 1, as in diffusers.
  init(_ unet: UNet2DConditionModel, guidance: Guidance, prompt: Tensor, negative: Tensor) {
    self.unet = unet
    self.guidance = guidance
    context = guidance.scale > 1 ? concatenated([negative, prompt], along: 0) : prompt
  }

  /// The prediction for one noisy latent image at a timestep.
  func callAsFunction(_ noisy: Tensor, at timestep: Float) -> Tensor {
    let copies = context.shape[0]
    let latents = repeated(noisy)
    let input = furtherChannels.map { concatenated([latents, repeated($0)], along: 3) } ?? latents
    let times = [Float](repeating: timestep, count: copies)
    let output = unet(
      input, at: times, context: context, classLabels: label.map { .init(repeating: $0, count: copies) },
      control: residuals(latents, at: times))
    guard copies == 2 else { return output }
    return guidance.combined(
      unconditional: output.sliced(0, 0..<1), conditional: output.sliced(0, 1..<2))
  }

  /// One image for each text.
  private func repeated(_ image: Tensor) -> Tensor {
    concatenated([Tensor](repeating: image, count: context.shape[0]), along: 0)
  }

  /// What all maps add to the U-Net's levels together.
  private func residuals(_ latents: Tensor, at times: [Float]) -> ControlResiduals? {
    controls.map { map in
      map.network(latents, at: times, context: context, image: repeated(map.image)).scaled(by: map.scale)
    }.reduce(nil) { sum, next in sum.map { $0 + next } ?? next }
  }
}
