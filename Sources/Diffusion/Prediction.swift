import LineupKernels
import LineupTensors

/// What a diffusion network predicts.
public enum Prediction: String, Codable, Sendable, CaseIterable {
  /// The noise ε.
  case epsilon
  /// v = √ᾱ·ε − √(1−ᾱ)·x₀ (Salimans and Ho 2022).
  case v
  /// The clean picture x₀.
  case x0
}

/// A network's opinion of a noisy picture, whatever it predicts: what is picture and what is noise in it.
public struct DenoisingEstimate: Sendable {
  /// x̂₀, the shape of the noisy samples.
  public var clean: Tensor
  /// ε̂, likewise.
  public var noise: Tensor

  /// What is picture and what is noise, both of the samples' shape.
  public init(clean: Tensor, noise: Tensor) {
    self.clean = clean
    self.noise = noise
  }

  /// The same with x̂₀ held between two bounds; ε̂ stays what it was.
  public func clipped(to range: ClosedRange<Float>?) -> DenoisingEstimate {
    range.map { DenoisingEstimate(clean: clean.clamped(to: $0), noise: noise) } ?? self
  }
}

extension Prediction {
  /// What the network should say of `qSample(clean, noise: noise, at: timesteps)`.
  public func target(clean: Tensor, noise: Tensor, at timesteps: [Int], schedule: NoiseSchedule) -> Tensor {
    switch self {
    case .epsilon: return noise
    case .x0: return clean
    case .v:
      let weights = schedule.weights(for: clean, noise, at: timesteps)
      return noise * weights.signal - clean * weights.noise
    }
  }

  /// Splits noisy samples by the network's output, all at one ᾱ.
  ///
  /// At ᾱ = 0 a predicted ε says nothing about the picture, so that case is a mistake of the caller.
  public func estimate(_ output: Tensor, noisy: Tensor, alphaBar: Double) -> DenoisingEstimate {
    require(
      self != .epsilon || alphaBar > 0, "a schedule that ends in pure noise needs a network that predicts v or x0")
    require(self != .x0 || alphaBar < 1, "there is no noise to find in samples at ᾱ = 1")
    return estimate(output, noisy: noisy, MixingWeights(alphaBar: alphaBar))
  }

  /// Splits noisy samples by the network's output, each at its own timestep.
  public func estimate(
    _ output: Tensor, noisy: Tensor, at timesteps: [Int], schedule: NoiseSchedule
  ) -> DenoisingEstimate {
    estimate(output, noisy: noisy, schedule.weights(for: noisy, output, at: timesteps))
  }

  private func estimate(_ output: Tensor, noisy: Tensor, _ weights: MixingWeights) -> DenoisingEstimate {
    let (signal, noise) = (weights.signal, weights.noise)
    return switch self {
    case .epsilon: DenoisingEstimate(clean: (noisy - output * noise) / signal, noise: output)
    case .x0: DenoisingEstimate(clean: output, noise: (noisy - output * signal) / noise)
    case .v:
      DenoisingEstimate(clean: noisy * signal - output * noise, noise: output * signal + noisy * noise)
    }
  }

  /// What a network of this kind would have said to give the estimate: the inverse of `estimate`.
  public func output(of estimate: DenoisingEstimate, alphaBar: Double) -> Tensor {
    let weights = MixingWeights(alphaBar: alphaBar)
    return switch self {
    case .epsilon: estimate.noise
    case .x0: estimate.clean
    case .v: estimate.noise * weights.signal - estimate.clean * weights.noise
    }
  }
}
