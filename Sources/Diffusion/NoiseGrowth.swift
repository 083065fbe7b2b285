import Foundation
import LineupKernels
import LineupNetworks

extension NoiseSchedule {
  /// From `first` to `last` in equal steps, whatever the number of timesteps. With the defaults and 1000 timesteps this is
  /// the schedule of Ho et al. 2020; with 300 it leaves √ᾱ = 0.22 of the signal at the end (the annotated notebook's).
  public static func linear(
    timesteps: Int, from first: Double = 1e-4, to last: Double = 0.02, rounding: Rounding = .exact
  ) -> NoiseSchedule {
    NoiseSchedule(betas: evenlySpaced(first, last, timesteps, rounding), rounding: rounding)
  }

  /// The linear schedule times 1000/timesteps, so that the last timestep is nearly pure noise for any number of them.
  public static func linearRescaled(timesteps: Int) -> NoiseSchedule {
    let factor = 1000 / Double(timesteps)
    return NoiseSchedule(betas: evenlySpaced(1e-4, 0.02, timesteps).map { min($0 * factor, 0.9999) })
  }

  /// Linear in √β; Stable Diffusion takes it from 0.00085 to 0.012 over 1000 timesteps, under the name "scaled linear".
  public static func scaledLinear(
    timesteps: Int, from first: Double = 0.00085, to last: Double = 0.012, rounding: Rounding = .exact
  ) -> NoiseSchedule {
    let roots = evenlySpaced(first.squareRoot(), last.squareRoot(), timesteps, rounding)
    return NoiseSchedule(betas: roots.map { $0 * $0 }, rounding: rounding)
  }

  /// A logistic curve over arguments from −6 to 6.
  public static func sigmoid(
    timesteps: Int, from first: Double = 1e-4, to last: Double = 0.02, rounding: Rounding = .exact
  ) -> NoiseSchedule {
    NoiseSchedule(
      betas: evenlySpaced(-6, 6, timesteps, rounding).map { (last - first) / (1 + exp(-$0)) + first },
      rounding: rounding)
  }

  /// ᾱ follows a squared cosine (Nichol and Dhariwal 2021, equation 17); `limits` holds β, as the annotated notebook does.
  public static func cosine(
    timesteps: Int, offset: Double = 0.008, limits: ClosedRange<Double> = 1e-4...0.9999, rounding: Rounding = .exact
  ) -> NoiseSchedule {
    let curve = (0...timesteps).map { step in
      let angle = (Double(step) / Double(timesteps) + offset) / (1 + offset) * .pi / 2
      return cos(angle) * cos(angle)
    }
    return NoiseSchedule(
      betas: (1...timesteps).map { step in
        min(max(1 - curve[step] / curve[step - 1], limits.lowerBound), limits.upperBound)
      }, rounding: rounding)
  }

  /// `count` numbers from `first` to `last` in equal steps.
  private static func evenlySpaced(
    _ first: Double, _ last: Double, _ count: Int, _ rounding: Rounding = .exact
  ) -> [Double] {
    require(count >= 1, "a noise schedule needs at least one timestep, not \(count)")
    guard count > 1 else { return [first] }
    guard rounding == .torch else {
      return (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
    }
    // In single precision and counted from the nearer end.
    let (low, high) = (Float(first), Float(last))
    let step = (high - low) / Float(count - 1)
    return (0..<count).map { Double($0 < count / 2 ? low + step * Float($0) : high - step * Float(count - 1 - $0)) }
  }
}

/// The schedules that an experiment file can name.
public enum NoiseScheduleName: String, Codable, Sendable, CaseIterable {
  /// From 1e-4 to 0.02, whatever the number of timesteps.
  case linear
  /// The same times 1000/timesteps, so that the last step is nearly pure noise.
  case linearRescaled
  /// Nichol and Dhariwal 2021, with s = 0.008.
  case cosine

  /// The named schedule over a number of timesteps.
  public func schedule(timesteps: Int) -> NoiseSchedule {
    switch self {
    case .linear: .linear(timesteps: timesteps)
    case .linearRescaled: .linearRescaled(timesteps: timesteps)
    case .cosine: .cosine(timesteps: timesteps)
    }
  }
}
