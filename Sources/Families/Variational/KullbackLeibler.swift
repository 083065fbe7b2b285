import LineupFormats
import LineupTensors

/// The divergence from the standard normal of Gaussians with independent components, in nats, one number for each of the
/// batch: −½ Σ (1 + ln σ² − μ² − σ²) over all axes but the first (Kingma and Welling 2014, appendix B).
public func kullbackLeibler(mean: Tensor, logVariance: Tensor) -> Tensor {
  let terms = square(mean) + exp(logVariance) - logVariance - 1
  return terms.sum(overAxes: Array(1..<mean.rank)).scaled(by: 0.5)
}
