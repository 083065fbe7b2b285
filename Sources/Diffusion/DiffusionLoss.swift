import LineupFormats
import LineupKernels
import LineupTensors

/// The distance between prediction and target.
public enum DiffusionLoss: String, Codable, Sendable, CaseIterable {
  /// The squared difference.
  case mse
  /// Smooth L1 with δ = 1: half the square below 1, the absolute difference less one half above.
  case huber

  /// The mean distance of each sample, `[batch]`, over all its elements.
  public func ofEachSample(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    require(
      prediction.shape == target.shape,
      "a prediction of shape \(prediction.shape) cannot be compared with a target of shape \(target.shape)")
    let axes = Array(1..<prediction.rank)
    let difference = prediction - target
    switch self {
    case .mse: return square(difference).mean(overAxes: axes)
    case .huber:
      let size = abs(difference)
      let inner = minimum(size, 1)
      return (inner * (size - inner.scaled(by: 0.5))).mean(overAxes: axes)
    }
  }

  /// The mean distance over everything, of shape `[]`.
  public func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    ofEachSample(prediction, target).mean()
  }
}

/// How much each timestep counts in the loss.
public enum LossWeighting: Sendable, Hashable {
  /// All alike, in terms of what the network predicts.
  case uniform
  /// The error of x̂₀ counts min(SNR, γ) (Hang et al. 2023), whatever the network predicts.
  case minimumSignalToNoise(gamma: Double)

  /// The factor of a sample's loss at a timestep.
  ///
  /// The squared errors of one estimate are related by Δε² = SNR·Δx₀² and Δv² = (SNR + 1)·Δx₀²; the weight is divided by
  /// that factor.
  public func weight(at timestep: Int, schedule: NoiseSchedule, prediction: Prediction) -> Double {
    guard case .minimumSignalToNoise(let gamma) = self else { return 1 }
    let ratio = schedule.signalToNoise(at: timestep)
    switch prediction {
    case .x0: return min(ratio, gamma)
    case .v: return min(ratio, gamma) / (ratio + 1)
    case .epsilon: return ratio > 0 ? min(ratio, gamma) / ratio : 1
    }
  }

  /// The factors of a batch's losses, `[batch]`.
  public func weights(at timesteps: [Int], schedule: NoiseSchedule, prediction: Prediction) -> Tensor {
    Tensor(
      timesteps.map { Float(weight(at: $0, schedule: schedule, prediction: prediction)) }, shape: [timesteps.count])
  }
}
