/// The chapters that metrics are read in, in this order.
package enum MetricSection: Sendable, CaseIterable {
  case distance, variety, sharpness, copies, reconstruction, points, cost

  /// The chapter's head.
  package var title: String {
    switch self {
    case .distance: "Distance of distributions"
    case .variety: "Fidelity and variety"
    case .sharpness: "Sharpness"
    case .copies: "Copies of training images"
    case .reconstruction: "Reconstruction"
    case .points: "Points in the plane"
    case .cost: "Training and cost"
    }
  }

  /// What the chapter's metrics have in common, in Markdown.
  package var introduction: String {
    switch self {
    case .distance:
      """
      **Fréchet distance.** Both sets of features are replaced by Gaussians with their means μ and covariances Σ, and the
      distance of these is ‖μ₁ − μ₂‖² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁Σ₂)^½ (Heusel et al. 2017, with other features). There is no
      bootstrap over images.

      **Kernel distance.** The squared maximum mean discrepancy with the kernel (x·y/d + 1)³, without bias (Bińkowski et al.
      2018): the mean kernel of two samples, plus that of two real images, minus twice that of one each.
      """
    case .variety:
      """
      A neighbourhood is the ball around a point that reaches to its k-th nearest other point of the same set; k is
      `evaluation.neighbours`, 5. Fidelity is never read from precision alone.
      """
    case .sharpness:
      """
      All on grey values in [0, 1]. Sharpness is not "more is better": real images have a value, and the distance from it
      counts. Hence the **noise guard**: an arm is called sharper than another, or than real images, only if its noise is not
      larger too.
      """
    case .copies:
      """
      Distances to the nearest of the training images, on the principal components. Samples' distances are compared with
      those of held-out images.
      """
    case .reconstruction:
      """
      For families with an encoder, on \(ReconstructionScores.standardCount) images of the part of the data that `evaluation.split` names, in `/final`. Between
      an autoencoder's reconstructions and a model's samples lies all that the model of the codes loses.
      """
    case .points: "As PacGAN has them (Lin et al. 2018)."
    case .cost:
      """
      Series of each step in `/series/train`: the losses that the family declares, the norm of each network's gradient before
      clipping, learning rate, and totals of values that were not finite, clipped gradients and skipped updates. **Losses of
      different families mean different things** and are not compared; a GAN's loss says little about its samples.

      `exclusive/…` is measured in a pass of its own in which nothing else runs.
      """
    }
  }
}
