import LineupTensors

/// A rule that leads from noise to latents by calls of a network, over a list of timesteps: diffusers' schedulers, number
/// for number.
///
/// A trajectory makes the calls `first ..< timesteps.count` in order, where `first` is 0 or, for a picture that begins from
/// another one, later. The scheduler is a value that remembers what multistep rules need; a fresh copy begins anew.
public protocol Scheduler: Sendable {
  /// The timestep that the network is told at each call, in order; multistep warm-ups and second-order rules repeat some.
  var timesteps: [Float] { get }
  /// How many entries of `timesteps` belong to one step: 2 for Heun, else 1. Strength counts in steps.
  var callsPerStep: Int { get }
  /// The factor that makes unit noise into the first sample.
  var initialDeviation: Float { get }
  /// What the network sees of a sample at a call.
  func networkInput(_ sample: Tensor, call: Int) -> Tensor
  /// The sample after a call whose network output is given; `noise` draws unit noise of the sample's shape, and is called
  /// only by rules that add noise.
  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor
  /// Clean latents with noise, as a sample is before a call.
  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor
}

/// What holds for all rules that keep signal and noise at unit variance and make one call a step.
extension Scheduler {
  public var callsPerStep: Int { 1 }
  public var initialDeviation: Float { 1 }
  public func networkInput(_ sample: Tensor, call: Int) -> Tensor { sample }
}
