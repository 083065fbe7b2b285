import LineupFeatureNetworks
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// What reconstructions of images cost, apart from the divergence of their codes: absolute error, perceptual distance and,
/// once there is one, the verdict of a patch discriminator.
struct ReconstructionLoss: Sendable {
  let perceptual: PerceptualNetwork?
  let perceptualWeight: Float
  let adversarialWeight: Double

  /// The loss of one batch and what it consists of.
  struct Parts {
    var total: Tensor
    var absolute: Tensor
    var perceptual: Tensor?
    var adversarial: Tensor?
    var adversarialWeight: Double?

    /// The parts by the names of `AutoencoderStage.lossNames`.
    var losses: Losses {
      [
        "reconstruction": .init(absolute), "perceptual": .init(perceptual), "adversarial": .init(adversarial),
        "adversarialWeight": .init(adversarialWeight),
      ]
    }
  }

  /// Errors are summed over an image, a distance counts once for each of its values, and both are averaged over the batch.
  /// The adversarial term is weighted so that its gradient at the decoder's last layer is as long as the reconstruction's
  /// (Esser, Rombach and Ommer 2021, equation 7).
  func callAsFunction(_ output: Tensor, images: Tensor, judge: PatchDiscriminator?, lastLayer: Tensor) -> Parts {
    let size = Float(images.count / images.shape[0])
    let absolute = abs(output - images).mean()
    let distance = perceptual?.distance(output, images).mean()
    let error = distance.map { absolute + $0.scaled(by: perceptualWeight) } ?? absolute
    let reconstruction = error.scaled(by: size)
    guard let judge else { return Parts(total: reconstruction, absolute: absolute, perceptual: distance) }

    let adversarial = -judge(output).mean()
    let weight = adaptiveWeight(reconstruction, against: adversarial, at: lastLayer)
    return Parts(
      total: reconstruction + adversarial.scaled(by: Float(weight * adversarialWeight)), absolute: absolute,
      perceptual: distance, adversarial: adversarial, adversarialWeight: weight)
  }

  /// ‖∇ reconstruction‖ / (‖∇ adversarial‖ + 10⁻⁴), at most 10⁴.
  private func adaptiveWeight(_ reconstruction: Tensor, against adversarial: Tensor, at layer: Tensor) -> Double {
    let (toward, against) = (
      Gradients(tensors: dataGradients(of: reconstruction, withRespectTo: [layer])).norm,
      Gradients(tensors: dataGradients(of: adversarial, withRespectTo: [layer])).norm
    )
    return min(toward / (against + 1e-4), 1e4)
  }
}
