import Foundation

/// KL(N(μ₁, e^v₁) ‖ N(μ₂, e^v₂)) in nats, with log-variances v.
package func normalDivergence(
  mean: Double, logVariance: Double, fromMean otherMean: Double = 0, fromLogVariance otherLogVariance: Double = 0
) -> Double {
  let difference = mean - otherMean
  return 0.5
    * (otherLogVariance - logVariance - 1 + exp(logVariance - otherLogVariance)
      + difference * difference * exp(-otherLogVariance))
}

/// The log-probability in nats of an 8-bit level on [−1, 1] under a Gaussian cut into 256 bins (Ho et al. 2020).
///
/// The outer bins reach to infinity. The distribution function is the tanh approximation that published figures use,
/// and probabilities are not taken below 1e-12.
package func discretisedGaussianLogProbability(_ x: Double, mean: Double, logDeviation: Double) -> Double {
  let centred = x - mean
  let scale = exp(-logDeviation)
  let above = approximateNormalDistribution(scale * (centred + 1 / 255.0))
  let below = approximateNormalDistribution(scale * (centred - 1 / 255.0))
  let probability = x < -0.999 ? above : x > 0.999 ? 1 - below : above - below
  return log(max(probability, 1e-12))
}

private func approximateNormalDistribution(_ z: Double) -> Double {
  0.5 * (1 + tanh((2 / Double.pi).squareRoot() * (z + 0.044715 * z * z * z)))
}

/// The importance-weighted bound −ln (1/K) Σ wᵢ in nats from log-weights ln p(x, zᵢ)/q(zᵢ|x) (Burda et al. 2016).
package func importanceWeightedBound(_ logWeights: [Double]) -> Double {
  precondition(!logWeights.isEmpty, "a bound needs a weight")
  let largest = logWeights.max() ?? 0
  guard largest.isFinite else { return -largest }
  return -(largest + log(logWeights.reduce(0) { $0 + exp($1 - largest) } / Double(logWeights.count)))
}

/// Bits per dimension of 8-bit data from a negative log-density in nats: the data, dequantised, were scaled to a range
/// of length `range` (1 for [0, 1], 2 for [−1, 1]).
package func bitsPerDimension(nats: Double, dimensions: Int, range: Double = 1) -> Double {
  nats / (Double(dimensions) * log(2)) + 8 - log2(range)
}
