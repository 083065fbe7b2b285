import LineupLearning
import LineupNetworks
import LineupTensors

/// A step of a discriminator alone, as the page on losses shows it.
func hingeStep(
  _ discriminator: inout Trained<MultilayerPerceptron>, real: Tensor, fake: Tensor, progress: Double
) -> StepReport {
  let update = discriminator.step(progress: progress) { discriminator in
    HingeLoss.discriminator(real: discriminator(real), fake: discriminator(fake))
  }
  return StepReport(
    losses: ["discriminator": update.loss], updates: ["discriminator": update], learningRate: update.learningRate)
}
