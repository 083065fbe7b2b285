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
    return chosen.demanded(over: noise, prediction, clippingTo: bound(of: chosen, in: space))
  }

  /// Why there is no such sampler.
  func obstacle(to request: SampleRequest, in space: any DiffusionSpace) -> String? {
    if let name = request.sampler, SamplerRule(rawValue: name) == nil { return SamplerOptions.unknown(name) }
    let chosen = options.choosing(request)
    do throws(SamplerError) {
      _ = try chosen.sampler(over: noise, prediction: prediction, clippingTo: bound(of: chosen, in: space))
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Ancestral sampling of the notebook does not clip. The cosine schedule ends in β = 0.9999, where a predicted noise
  /// leaves x̂₀ undetermined; and big strides need bounds in any case.
  private func bound(of chosen: SamplerOptions, in space: any DiffusionSpace) -> Float? {
    space.isBounded && (!chosen.visitsEveryTimestep || growth == .cosine) ? 1 : nil
  }
}
