import Foundation
import LineupKernels
import LineupNetworks

/// How noise grows over the timesteps 0 ..< T of a diffusion process: the variances β and what follows from them.
///
/// All of it is in double precision; the products reach 10⁻¹⁰. The notation is that of Ho, Jain and Abbeel 2020:
/// α = 1 − β, and ᾱ is the product of α up to a timestep. "Timestep −1" is the clean picture, with ᾱ = 1.
public struct NoiseSchedule: Sendable, Hashable {
  /// The variance that each timestep adds, in (0, 1].
  public let betas: [Double]
  /// ᾱ after each timestep: the share of the signal's variance that is left.
  public let alphaBars: [Double]

  /// A schedule of the given variances.
  public init(betas: [Double]) {
    require(!betas.isEmpty, "a noise schedule needs at least one timestep")
    require(
      betas.allSatisfy { $0 > 0 && $0 <= 1 }, "the variances of a noise schedule must lie in (0, 1], unlike \(betas)")
    self.betas = betas
    var product = 1.0
    alphaBars = betas.map {
      product *= 1 - $0
      return product
    }
  }

  /// The number of timesteps T.
  public var timesteps: Int { betas.count }

  /// ᾱ after a timestep; 1 at timestep −1.
  public func alphaBar(at timestep: Int) -> Double {
    require(
      (-1..<timesteps).contains(timestep), "timestep \(timestep) lies outside a schedule of \(timesteps) timesteps")
    return timestep < 0 ? 1 : alphaBars[timestep]
  }

  /// ᾱ/(1 − ᾱ), the ratio of the signal's to the noise's variance (for data of unit variance).
  public func signalToNoise(at timestep: Int) -> Double {
    let alphaBar = alphaBar(at: timestep)
    return alphaBar / (1 - alphaBar)
  }

  /// √((1 − ᾱ)/ᾱ): the noise's standard deviation where the signal is left unscaled.
  public func sigma(at timestep: Int) -> Double { (1 / signalToNoise(at: timestep)).squareRoot() }

  /// The variance of q(x_p | x_t, x₀) for an earlier timestep p (by default t − 1): β̃ of Ho et al. 2020, equation 7.
  public func posteriorVariance(at timestep: Int, to previous: Int? = nil) -> Double {
    let alphaBar = alphaBar(at: timestep)
    let earlier = self.alphaBar(at: previous ?? timestep - 1)
    return (1 - alphaBar / earlier) * (1 - earlier) / (1 - alphaBar)
  }
}

extension NoiseSchedule {
  /// From `first` to `last` in equal steps, whatever the number of timesteps. With the defaults and 1000 timesteps this is
  /// the schedule of Ho et al. 2020; with 300 it leaves √ᾱ = 0.22 of the signal at the end (the annotated notebook's).
  public static func linear(timesteps: Int, from first: Double = 1e-4, to last: Double = 0.02) -> NoiseSchedule {
    NoiseSchedule(betas: evenlySpaced(first, last, timesteps))
  }

  /// The linear schedule times 1000/timesteps, so that the last timestep is nearly pure noise for any number of them.
  public static func linearRescaled(timesteps: Int) -> NoiseSchedule {
    let factor = 1000 / Double(timesteps)
    return NoiseSchedule(betas: evenlySpaced(1e-4, 0.02, timesteps).map { min($0 * factor, 0.9999) })
  }

  /// Linear in √β; Stable Diffusion takes it from 0.00085 to 0.012 over 1000 timesteps, under the name "scaled linear".
  public static func scaledLinear(
    timesteps: Int, from first: Double = 0.00085, to last: Double = 0.012
  ) -> NoiseSchedule {
    NoiseSchedule(betas: evenlySpaced(first.squareRoot(), last.squareRoot(), timesteps).map { $0 * $0 })
  }

  /// Linear in √β from 1e-4 to 0.02: the annotated notebook's "quadratic".
  public static func quadratic(timesteps: Int) -> NoiseSchedule {
    scaledLinear(timesteps: timesteps, from: 1e-4, to: 0.02)
  }

  /// A logistic curve from 1e-4 to 0.02 over arguments from −6 to 6.
  public static func sigmoid(timesteps: Int) -> NoiseSchedule {
    NoiseSchedule(betas: evenlySpaced(-6, 6, timesteps).map { (0.02 - 1e-4) / (1 + exp(-$0)) + 1e-4 })
  }

  /// ᾱ follows a squared cosine (Nichol and Dhariwal 2021, equation 17); `limits` holds β, as the annotated notebook does.
  public static func cosine(
    timesteps: Int, offset: Double = 0.008, limits: ClosedRange<Double> = 1e-4...0.9999
  ) -> NoiseSchedule {
    let curve = (0...timesteps).map { step in
      let angle = (Double(step) / Double(timesteps) + offset) / (1 + offset) * .pi / 2
      return cos(angle) * cos(angle)
    }
    return NoiseSchedule(
      betas: (1...timesteps).map { step in
        min(max(1 - curve[step] / curve[step - 1], limits.lowerBound), limits.upperBound)
      })
  }

  /// The same schedule with √ᾱ shifted and stretched so that nothing of the signal is left at the last timestep
  /// (Lin et al. 2024, "Common diffusion noise schedules and sample steps are flawed"). It needs v-prediction.
  public func withZeroTerminalSignal() -> NoiseSchedule {
    let roots = alphaBars.map { $0.squareRoot() }
    let (first, last) = (roots[0], roots[roots.count - 1])
    require(first > last, "only a schedule of two timesteps or more can end in pure noise")
    let stretched = roots.map { ($0 - last) * first / (first - last) }
    let squares = stretched.map { $0 * $0 }
    return NoiseSchedule(betas: squares.indices.map { 1 - squares[$0] / ($0 == 0 ? 1 : squares[$0 - 1]) })
  }

  /// `count` numbers from `first` to `last` in equal steps.
  static func evenlySpaced(_ first: Double, _ last: Double, _ count: Int) -> [Double] {
    require(count >= 1, "a noise schedule needs at least one timestep, not \(count)")
    return (0..<count).map { count == 1 ? first : first + (last - first) * Double($0) / Double(count - 1) }
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
