import Foundation

/// The noise process that a network was trained with, in diffusers' single precision.
///
/// `NoiseSchedule` is in double precision; here β and α are rounded as torch rounds them, because a rounding of α = 1 − β
/// repeats at every timestep and moves ᾱ in the sixth digit, which 50 steps would show.
struct TrainedNoise: Sendable {
  /// How β grows. [beta_schedule]
  enum Growth: String, CaseIterable {
    case linear
    case scaledLinear = "scaled_linear"
    case squaredCosine = "squaredcos_cap_v2"
    case sigmoid
  }

  /// ᾱ after each timestep.
  private(set) var alphaBars: [Float]

  init(betas: [Float]) {
    // torch multiplies in double precision and rounds each product.
    var product = 1.0
    alphaBars = betas.map {
      product *= Double(1 - $0)
      return Float(product)
    }
  }

  /// β of a growth from `first` to `last`; a squared cosine takes no limits.
  static func betas(_ growth: Growth, from first: Double, to last: Double, timesteps: Int) -> [Float] {
    switch growth {
    case .linear: return evenlySpaced(Float(first), Float(last), timesteps)
    case .scaledLinear:
      return evenlySpaced(Float(first.squareRoot()), Float(last.squareRoot()), timesteps).map { $0 * $0 }
    case .squaredCosine:
      let curve = (0...timesteps).map { step in
        pow(cos((Double(step) / Double(timesteps) + 0.008) / 1.008 * .pi / 2), 2)
      }
      return (0..<timesteps).map { Float(min(1 - curve[$0 + 1] / curve[$0], 0.999)) }
    case .sigmoid:
      return evenlySpaced(-6, 6, timesteps).map { 1 / (1 + exp(-$0)) * Float(last - first) + Float(first) }
    }
  }

  /// β stretched so that nothing of the signal is left at the last timestep (Lin et al. 2024, algorithm 1).
  static func withZeroTerminalSignal(_ betas: [Float]) -> [Float] {
    let roots = TrainedNoise(betas: betas).alphaBars.map { $0.squareRoot() }
    let (first, last) = (roots[0], roots[roots.count - 1])
    let squares = roots.map { root in
      let stretched = (root - last) * (first / (first - last))
      return stretched * stretched
    }
    return squares.indices.map { 1 - ($0 == 0 ? squares[0] : squares[$0] / squares[$0 - 1]) }
  }

  /// Replaces ᾱ = 0 of the last timestep by 2⁻²⁴, whose noise level is finite.
  mutating func keepLastSignal() { alphaBars[alphaBars.count - 1] = 0x1p-24 }

  var timesteps: Int { alphaBars.count }

  /// √((1 − ᾱ)/ᾱ) of each timestep: the noise's deviation where the signal is left unscaled.
  var sigmas: [Float] { alphaBars.map { ((1 - $0) / $0).squareRoot() } }

  /// Numbers in equal steps, counted from the nearer end as torch does.
  private static func evenlySpaced(_ first: Float, _ last: Float, _ count: Int) -> [Float] {
    guard count > 1 else { return [first] }
    let step = (last - first) / Float(count - 1)
    return (0..<count).map { $0 < count / 2 ? first + step * Float($0) : last - step * Float(count - 1 - $0) }
  }
}
