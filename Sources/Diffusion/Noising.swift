import LineupFormats
import LineupKernels
import LineupTensors

/// √ᾱ and √(1 − ᾱ), each as a tensor that broadcasts over samples: one number, or one a sample.
struct MixingWeights {
  let signal: Tensor
  let noise: Tensor

  /// The same ᾱ for all samples.
  init(alphaBar: Double) {
    signal = Tensor(Float(alphaBar.squareRoot()))
    noise = Tensor(Float((1 - alphaBar).squareRoot()))
  }

  /// Each sample's own, shaped to broadcast over tensors of `rank` axes whose first counts samples.
  init(alphaBars: [Double], rank: Int) {
    let shape = [alphaBars.count] + Array(repeating: 1, count: rank - 1)
    signal = Tensor(alphaBars.map { Float($0.squareRoot()) }, shape: shape)
    noise = Tensor(alphaBars.map { Float((1 - $0).squareRoot()) }, shape: shape)
  }
}

extension NoiseSchedule {
  /// x_t = √ᾱ·x₀ + √(1 − ᾱ)·ε for each sample at its own timestep (Ho et al. 2020, equation 4).
  ///
  /// `clean` and `noise` are of one shape, samples along the first axis.
  public func qSample(_ clean: Tensor, noise: Tensor, at timesteps: [Int]) -> Tensor {
    let weights = weights(for: clean, noise, at: timesteps)
    return clean * weights.signal + noise * weights.noise
  }

  func weights(for first: Tensor, _ second: Tensor, at timesteps: [Int]) -> MixingWeights {
    require(
      first.shape == second.shape && first.shape.first == timesteps.count,
      "\(timesteps.count) timesteps do not fit samples of shapes \(first.shape) and \(second.shape)")
    return MixingWeights(alphaBars: timesteps.map(alphaBar(at:)), rank: first.rank)
  }
}
