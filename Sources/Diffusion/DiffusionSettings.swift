import LineupStrictJSON

/// The settings that all diffusion models have.
extension SettingDescription {
  package static let prediction = Self(
    .choice(Prediction.allCases.map(\.rawValue)),
    "What the network predicts: the noise ε, the clean image x₀, or v = √ᾱ·ε − √(1−ᾱ)·x₀.")
  package static let diffusionLoss = Self(
    .choice(DiffusionLoss.allCases.map(\.rawValue)),
    "The distance between prediction and target: squared, or Huber's with δ = 1.")
  package static let schedule = Self(
    .choice(NoiseScheduleName.allCases.map(\.rawValue)),
    "How noise grows: linear (β from 1e-4 to 0.02, whatever the number of timesteps), linearRescaled (the same times "
      + "1000/timesteps, so that the last step is nearly pure noise) or cosine.")
  package static let timesteps = Self(.integer(2...100_000), "Steps of the noising process.")
}
