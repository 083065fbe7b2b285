import LineupFamilies
import LineupFormats
import LineupKernels
import LineupNetworks
import LineupTensors

/// The way between pictures and latents as the U-Net sees them: an autoencoder and a scale (Rombach et al. 2022,
/// appendix G).
struct LatentSpace: Sendable {
  let autoencoder: AutoencoderKL
  /// What latents are multiplied by for the U-Net. [scaling_factor]
  let scale: Float
  /// Whether large pictures pass in tiles.
  let tiled: Bool

  /// Pixels a side for each latent pixel.
  var reduction: Int { autoencoder.configuration.reduction }

  /// A sample of the latents of pictures `[1, height, width, 3]` in [−1, 1]; `random` gives the noise of the posterior.
  func encoded(_ image: Tensor, random: inout TorchGenerator) -> Tensor {
    let (mean, logVariance) = tiled ? autoencoder.encodeTiled(image) : autoencoder.encode(image)
    let noise = random.imageNoise(
      batch: mean.shape[0], height: mean.shape[1], width: mean.shape[2], channels: mean.shape[3])
    return (mean + exp(logVariance.scaled(by: 0.5)) * noise).scaled(by: scale)
  }

  /// Pictures in [0, 1] of latents. Numbers that are not finite are an error here, because bounds would hide them.
  func decoded(_ latents: Tensor) throws(PipelineError) -> Tensor {
    let unscaled = latents.scaled(by: 1 / scale)
    let image = tiled ? autoencoder.decodeTiled(unscaled) : autoencoder.decode(unscaled)
    guard image.isFinite else {
      throw PipelineError("The decoded picture is not finite: the checkpoint's autoencoder is damaged.")
    }
    return image.scaled(by: 0.5, plus: 0.5).clamped(to: 0...1)
  }
}
