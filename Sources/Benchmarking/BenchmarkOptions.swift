import LineupNetworks

/// What is measured, and how.
package struct BenchmarkOptions: Sendable {
  /// The work that is repeated.
  package enum Work: String, Sendable, CaseIterable {
    /// A training step: forward, backward, optimizer.
    case step
    /// A batch of new samples.
    case sample
  }

  /// The network.
  package enum Subject: Sendable {
    case builtIn(BuiltInModel)
    /// A `config.json` of diffusers' class `UNet2DModel`, `UNet2DConditionModel` or `AutoencoderKL`.
    case configuration(path: String)
  }

  package var work: Work
  package var subject: Subject
  /// Images in a batch; by default as many as the inputs file has, or the network's usual number.
  package var batch: Int?
  package var threads = 1
  /// Repetitions; the first one warms up and does not count, unless it is the only one.
  package var repetitions = 5
  /// Of weights and inputs that no file gives.
  package var seed: UInt64 = 1
  /// Files in the safetensors format, under diffusers' names and in its layouts.
  package var weightsPath: String?
  package var inputsPath: String?
  /// Where outputs, losses and gradients go.
  package var dumpPath: String?
  /// Where the network's first weights go.
  package var savedWeightsPath: String?

  package init(work: Work, subject: Subject) {
    (self.work, self.subject) = (work, subject)
  }
}

/// The networks that are measured without a file.
package enum BuiltInModel: String, Sendable, CaseIterable {
  /// The U-Net of the annotated diffusion notebook: 2,020,257 parameters at 28×28×1.
  case seedUNet = "seed-unet"
  /// Radford et al. 2016 at 32×32×3.
  case dcgan
  /// The variational autoencoder of the studies, at 28×28×1.
  case vae
  /// An `AutoencoderKL` of widths 32, 64 and 128 at 32×32×3.
  case autoencoderKL = "autoencoder-kl"
  /// A `UNet2DModel` of widths 32, 64 and 128 at 32×32×3, attending in the lower two levels.
  case unet2D = "unet2d"
  /// A `UNet2DConditionModel` of widths 64 and 128 on latents of 8×8×4.
  case latentUNet = "latent-unet"
}
