/// What a diffusion network predicts.
public enum Prediction: String, Codable, Sendable, CaseIterable {
  /// The noise ε.
  case epsilon
  /// v = √ᾱ·ε − √(1−ᾱ)·x₀.
  case v
}

/// The distance between prediction and target.
public enum DiffusionLoss: String, Codable, Sendable, CaseIterable {
  case mse
  /// Smooth L1 with δ = 1.
  case huber
}

/// How the noise variances β follow each other.
public enum NoiseSchedule: String, Codable, Sendable, CaseIterable {
  /// From 1e-4 to 0.02, whatever the number of timesteps.
  case linear
  /// The same times 1000/timesteps, so that the last step is nearly pure noise.
  case linearRescaled
  /// Nichol and Dhariwal 2021, with s = 0.008.
  case cosine
}

/// How pictures are drawn from a trained diffusion model.
public struct SamplerOptions: Codable, Sendable, Hashable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// Ancestral sampling over every timestep.
    case ddpm
    /// Song, Meng and Ermon 2021 over some of the timesteps.
    case ddim
  }

  public var name = Name.ddim
  /// Network evaluations for one picture; where absent, the evaluation's `samplerSteps`.
  public var steps: Int?
  /// The share of DDPM's noise that DDIM adds: 0 is deterministic.
  public var eta = 0.0

  public init() {}

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
    Field("prediction", .choice(Prediction.allCases.map(\.rawValue)), "What the network predicts: the noise, or v."),
    Field(
      "loss", .choice(DiffusionLoss.allCases.map(\.rawValue)),
      "The distance between prediction and target: squared, or Huber's with δ = 1."),
    Field(
      "schedule", .choice(NoiseSchedule.allCases.map(\.rawValue)),
      "How noise grows: linear (β from 1e-4 to 0.02, whatever the number of timesteps), linearRescaled (the same times "
        + "1000/timesteps, so that the last step is nearly pure noise) or cosine."),
    Field("timesteps", .integer(2...100_000), "Steps of the noising process."),
    Field("sampler", .record(SamplerOptions.record), "How pictures are drawn."),
  ]
}
