import LineupTensors

/// The hinge loss of adversarial networks (Lim and Ye 2017), on scores `[batch, 1]` that are positive where an image seems
/// real.
package enum HingeLoss {
  /// What the discriminator lowers: real scores below 1 and fake ones above −1 cost their distance. Of shape `[]`.
  package static func discriminator(real: Tensor, fake: Tensor) -> Tensor {
    relu(1 - real).mean() + relu(1 + fake).mean()
  }

  /// What the generator lowers. Of shape `[]`.
  package static func generator(fake: Tensor) -> Tensor { (-fake).mean() }
}
