import LineupTensors

/// A rule that leads from noise to clean samples by calls of a network, over a list of timesteps.
///
/// A trajectory makes the calls `first ..< timesteps.count` in order, where `first` is 0 or, for a picture that begins from
/// another one, later. A sampler is a value that remembers what multistep rules need; a fresh copy begins anew. Over a
/// schedule that is rounded as torch does, the rules are those of diffusers, number for number.
public protocol Sampler: Sendable {
  /// The timestep that the network is told at each call, in order; multistep warm-ups and second-order rules repeat some.
  var timesteps: [Float] { get }
  /// How many entries of `timesteps` belong to one step: 2 for Heun, else 1. Strength counts in steps.
  var callsPerStep: Int { get }
  /// The factor that makes unit noise into the first sample.
  var initialDeviation: Float { get }
  /// What the network sees of a sample at a call: signal and noise of unit variance together.
  func networkInput(_ sample: Tensor, call: Int) -> Tensor
  /// The sample after a call whose network output is given; `noise` draws unit noise of the sample's shape, and is called
  /// only by rules that add noise.
  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor
  /// Clean samples with noise, as a sample is before a call.
  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor
}

/// What holds for all rules that keep signal and noise at unit variance and make one call a step.
extension Sampler {
  /// One.
  public var callsPerStep: Int { 1 }
  /// One.
  public var initialDeviation: Float { 1 }
  /// The sample itself.
  public func networkInput(_ sample: Tensor, call: Int) -> Tensor { sample }
}

/// Rules that look ᾱ up at whole timesteps.
protocol TimestepSampler: Sampler {
  var settings: SamplerSettings { get }
  /// `timesteps` as whole numbers.
  var visited: [Int] { get }
}

extension TimestepSampler {
  var timesteps: [Float] { visited.map(Float.init) }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor {
    settings.noise.qSample(clean, noise: noise, at: [Int](repeating: visited[call], count: clean.shape[0]))
  }
}

/// Rules over samples whose signal is unscaled and whose noise has deviation σ.
protocol SigmaSampler: Sampler {
  var settings: SamplerSettings { get }
  /// Levels for each call.
  var table: SigmaTable { get }
}

extension SigmaSampler {
  var timesteps: [Float] { table.timesteps }
  var initialDeviation: Float { Float(table.initialDeviation(settings)) }

  /// The network was trained on samples of unit variance.
  func networkInput(_ sample: Tensor, call: Int) -> Tensor {
    sample.weighted(1 / (table.sigmas[call] * table.sigmas[call] + 1).squareRoot())
  }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor { clean + noise.weighted(table.sigmas[call]) }

  /// dx/dσ = (x − x̂₀)/σ at a call (Karras et al. 2022, equation 3).
  func slope(_ output: Tensor, _ sample: Tensor, call: Int) -> Tensor {
    (sample - settings.clean(output, sample, sigma: table.sigmas[call])).weighted(1 / table.sigmas[call])
  }
}

/// Multistep rules over samples of unit variance at noise levels.
protocol SolverSampler: Sampler {
  var table: SigmaTable { get }
  /// `table.sigmas` as signal and noise.
  var levels: [SignalNoise] { get }
}

extension SolverSampler {
  var timesteps: [Float] { table.timesteps }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor {
    clean.weighted(levels[call].signal) + noise.weighted(levels[call].noise)
  }
}

extension Tensor {
  /// This times a factor of a table, which tables keep in double precision.
  func weighted(_ factor: Double) -> Tensor { scaled(by: Float(factor)) }
}
