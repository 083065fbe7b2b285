import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// The two networks of a GAN.
struct AdversarialPair: Module {
  var generator: DCGANGenerator
  var discriminator: DCGANDiscriminator

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("generator", &generator)
    visitor.child("discriminator", &discriminator)
  }
}

/// One update of each of a GAN's networks with the non-saturating logistic loss (Goodfellow et al. 2014): the discriminator
/// by real and generated images, then the generator by what the updated discriminator says of the same images.
struct AdversarialWorkload: Workload {
  var network: AdversarialPair
  let inputs: BenchmarkInputs
  private var optimizers: Optimizers?

  /// One for each network.
  private struct Optimizers {
    var generator: Adam
    var discriminator: Adam
  }

  init(_ network: AdversarialPair, inputs: BenchmarkInputs) {
    self.network = network
    self.inputs = inputs
  }

  var names: DiffusersNames { .plain }
  var batch: Int { inputs.noise!.shape[0] }

  mutating func step(recordsDetails: Bool) -> StepDetails {
    var adam =
      optimizers
      ?? Optimizers(
        generator: StepOptimizer.adam(for: network.generator),
        discriminator: StepOptimizer.adam(for: network.discriminator))
    optimizers = nil
    defer { optimizers = adam }
    return Self.step(
      &network.generator, against: &network.discriminator, &adam, inputs, recordsDetails: recordsDetails)
  }

  private static func step(
    _ generator: inout DCGANGenerator, against discriminator: inout DCGANDiscriminator, _ adam: inout Optimizers,
    _ inputs: BenchmarkInputs, recordsDetails: Bool
  ) -> StepDetails {
    var details = StepDetails(losses: [])
    let (loss, gradients) = valueAndGradient(of: &generator) { generator in
      let fakes = generator.training(inputs.noise!)
      let plain = fakes.withoutGradient
      let (judgement, slope) = valueAndGradient(of: &discriminator) { discriminator in
        softplus(-discriminator.training(inputs.sample)).mean() + softplus(discriminator.training(plain)).mean()
      }
      adam.discriminator.update(&discriminator, along: slope, learningRate: StepOptimizer.learningRate)
      details.losses.append(("loss", judgement.scalar))
      if recordsDetails {
        details.output = plain
        details.gradients = slope.named(as: discriminator, prefix: "discriminator.")
      }
      return softplus(-discriminator.training(fakes)).mean()
    }
    adam.generator.update(&generator, along: gradients, learningRate: StepOptimizer.learningRate)
    details.losses.append(("generator_loss", loss.scalar))
    if recordsDetails { details.gradients += gradients.named(as: generator, prefix: "generator.") }
    return details
  }

  func sample() -> Tensor { network.generator(inputs.noise!) }
}
