import Foundation
import LineupTensors

/// How well a Gaussian decoder with one variance explains a batch.
struct GaussianLikelihood {
  /// −ln p(x | z) in nats, summed over a sample and averaged over the batch.
  var negativeLog: Tensor
  /// The variance σ² that was used.
  var variance: Double

  /// Σ (x − x̂)² / 2σ² + ln σ + ½ ln 2π over the values of a sample.
  ///
  /// - Parameter logDeviation: ln σ where it is learned.
  init(of samples: Tensor, mean: Tensor, variance choice: DecoderVariance, logDeviation: Tensor?) {
    let size = Float(samples.count / samples.shape[0])
    let squaredError = square(mean - samples).mean()
    let logSigma: Tensor =
      switch choice {
      case .learned: logDeviation!.reshaped(to: [])
      case .fixed(let variance): Tensor(Float(0.5 * Foundation.log(variance)))
      // Plain data: letting the gradient flow through the optimum gives the same gradient, since the two terms it would
      // add cancel there.
      case .optimal: Tensor(0.5 * Foundation.log(max(squaredError.scalar, 1e-6)))
      }
    let error = squaredError * exp(logSigma.scaled(by: -2)).scaled(by: 0.5)
    negativeLog = (error + logSigma + 0.5 * Foundation.log(2 * Float.pi)).scaled(by: size)
    variance = Foundation.exp(2 * Double(logSigma.scalar))
  }
}
