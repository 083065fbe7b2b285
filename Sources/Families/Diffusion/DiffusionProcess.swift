import LineupDiffusion
import LineupLearning

/// What a diffusion model's options say of the process: how noise grows, what is predicted, how the error is weighed and how
/// samples are drawn.
package struct DiffusionProcess: Sendable {
  package let noise: NoiseSchedule
  package let prediction: Prediction
  let loss: DiffusionLoss
  private let growth: NoiseScheduleName
  private let options: SamplerOptions

  init(_ options: some DiffusionOptions) {
    noise = options.schedule.schedule(timesteps: options.timesteps)
    (prediction, loss, growth, self.options) = (options.prediction, options.loss, options.schedule, options.sampler)
  }

  /// The model's own sampler with what a request changes of it.
  func sampler(_ request: SampleRequest, in space: any DiffusionSpace) -> any Sampler {
    let chosen = options.choosing(request)
    // Ancestral sampling of the notebook does not clip. The cosine schedule ends in β = 0.9999, where a predicted noise
    // leaves x̂₀ undetermined; and big strides need bounds in any case.
    let clips = space.isBounded && (!chosen.visitsEveryTimestep || growth == .cosine)
    return chosen.demanded(over: noise, prediction, clippingTo: clips ? 1 : nil)
  }
}
