import LineupDiffusion
import LineupFamilies

extension SamplerOptions {
  static let record = Record(
    "sampler", "How pictures are drawn from a diffusion model.", defaults: SamplerOptions(),
    fields: [
      Field(
        "name", .choice(Name.allCases.map(\.rawValue)),
        "ddim takes some of the timesteps; ddpm takes every one, whatever the number of steps."),
      Field(
        "steps", .integer(1...10_000),
        "Network evaluations for one picture, where they differ from evaluation.samplerSteps."),
      Field("eta", .number(.from(0, upTo: 1)), "The share of DDPM's noise that DDIM adds; 0 is deterministic."),
    ])
}

extension Field {
  /// The settings that both diffusion families have.
  static let diffusion: [Field] = [
    Field(
      "prediction", .choice(Prediction.allCases.map(\.rawValue)),
      "What the network predicts: the noise ε, the clean image x₀, or v = √ᾱ·ε − √(1−ᾱ)·x₀."),
    Field(
      "loss", .choice(DiffusionLoss.allCases.map(\.rawValue)),
      "The distance between prediction and target: squared, or Huber's with δ = 1."),
    Field(
      "schedule", .choice(NoiseScheduleName.allCases.map(\.rawValue)),
      "How noise grows: linear (β from 1e-4 to 0.02, whatever the number of timesteps), linearRescaled (the same times "
        + "1000/timesteps, so that the last step is nearly pure noise) or cosine."),
    Field("timesteps", .integer(2...100_000), "Steps of the noising process."),
    Field("sampler", .record(SamplerOptions.record), "How pictures are drawn."),
  ]
}
