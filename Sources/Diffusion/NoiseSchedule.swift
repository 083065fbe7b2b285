import LineupKernels

/// How noise grows over the timesteps 0 ..< T of a diffusion process: the variances β and what follows from them.
///
/// The notation is that of Ho, Jain and Abbeel 2020: α = 1 − β, and ᾱ is the product of α up to a timestep. "Timestep −1"
/// is the clean picture, with ᾱ = 1.
public struct NoiseSchedule: Sendable, Hashable {
  /// How the numbers of a schedule are rounded.
  public enum Rounding: Sendable {
    /// Not at all: in double precision, for networks that are trained here. The products reach 10⁻¹⁰.
    case exact
    /// Each to single precision, as torch rounds them for published networks: a rounding of α = 1 − β repeats at every
    /// timestep and moves ᾱ in the sixth digit, which 50 steps would show.
    case torch

    /// A number as a schedule of this rounding keeps it.
    func callAsFunction(_ number: Double) -> Double { self == .exact ? number : Double(Float(number)) }
  }

  /// The variance that each timestep adds, in [0, 1].
  public let betas: [Double]
  /// ᾱ after each timestep: the share of the signal's variance that is left.
  public let alphaBars: [Double]
  /// How `betas` and `alphaBars` are rounded.
  public let rounding: Rounding

  /// A schedule of the given variances.
  public init(betas: [Double], rounding: Rounding = .exact) {
    require(!betas.isEmpty, "a noise schedule needs at least one timestep")
    require(
      betas.allSatisfy { (0...1).contains($0) },
      "the variances of a noise schedule must lie between 0 and 1, unlike \(betas)")
    let betas = betas.map { rounding($0) }
    var product = 1.0
    self.init(
      betas: betas,
      alphaBars: betas.map {
        product *= rounding(1 - $0)
        return rounding(product)
      }, rounding: rounding)
  }

  private init(betas: [Double], alphaBars: [Double], rounding: Rounding) {
    (self.betas, self.alphaBars, self.rounding) = (betas, alphaBars, rounding)
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

  /// √((1 − ᾱ)/ᾱ) of each timestep: the noise's standard deviation where the signal is left unscaled.
  public var sigmas: [Double] { alphaBars.map { rounding(((1 - $0) / $0).squareRoot()) } }

  /// The variance of q(x_p | x_t, x₀) for an earlier timestep p (by default t − 1): β̃ of Ho et al. 2020, equation 7.
  public func posteriorVariance(at timestep: Int, to previous: Int? = nil) -> Double {
    let alphaBar = alphaBar(at: timestep)
    let earlier = self.alphaBar(at: previous ?? timestep - 1)
    return (1 - alphaBar / earlier) * (1 - earlier) / (1 - alphaBar)
  }

  /// The same schedule with √ᾱ shifted and stretched so that nothing of the signal is left at the last timestep
  /// (Lin et al. 2024, "Common diffusion noise schedules and sample steps are flawed"). It needs v-prediction.
  public func withZeroTerminalSignal() -> NoiseSchedule {
    let roots = alphaBars.map { rounding($0.squareRoot()) }
    let (first, last) = (roots[0], roots[roots.count - 1])
    require(first > last, "only a schedule whose signal fades can end in pure noise")
    let stretch = rounding(first / rounding(first - last))
    let squares = roots.map { root in
      let stretched = rounding(rounding(root - last) * stretch)
      return rounding(stretched * stretched)
    }
    return NoiseSchedule(
      betas: squares.indices.map { 1 - ($0 == 0 ? squares[0] : rounding(squares[$0] / squares[$0 - 1])) },
      rounding: rounding)
  }

  /// The same schedule with 2⁻²⁴ as the last timestep's ᾱ, whose noise level is finite where 0 has none.
  func withLastSignalKept() -> NoiseSchedule {
    NoiseSchedule(betas: betas, alphaBars: alphaBars.dropLast() + [0x1p-24], rounding: rounding)
  }
}
