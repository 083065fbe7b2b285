import Foundation
import LineupFamilies

/// A generative adversarial network (Goodfellow et al. 2014) on Fashion-MNIST:
/// `swift run -c release lineup-example-gan [STEPS] [FILE.png]`.
@main struct GAN {
  static let latentSize = 64
  var generator: Trained<InfoGANDecoder>
  var discriminator: Trained<InfoGANEncoder>

  init(random: RandomStream) {
    let schedule = LearningRateSchedule(peak: 2e-4)
    generator = Trained(
      InfoGANDecoder(
        latentSize: Self.latentSize, imageShape: [28, 28, 1], channels: [32, 64], hidden: 256, normalizes: true,
        random: random.split("generator")),
      schedule: schedule, betas: [0.5, 0.999])
    discriminator = Trained(
      InfoGANEncoder(
        imageShape: [28, 28, 1], channels: [32, 64], hidden: 256, outputs: 1, random: random.split("discriminator")),
      schedule: schedule, betas: [0.5, 0.999])
  }

  /// One step on real images `[batch, 28, 28, 1]` in [−1, 1]; the sentence says both losses.
  mutating func step(on real: Tensor, progress: Double, random: RandomStream) -> String {
    var random = random
    let latents = random.normal([real.shape[0], Self.latentSize])
    let fake = generator.network.training(latents)
    let verdict = discriminator.step(progress: progress) { discriminator in
      (softplus(-discriminator(real)) + softplus(discriminator(fake))).mean()
    }
    let judge = discriminator.network
    let success = generator.step(progress: progress) { softplus(-judge($0.training(latents))).mean() }
    return "discriminator \(verdict.loss.number ?? .nan), generator \(success.loss.number ?? .nan)"
  }

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let steps = arguments.first.flatMap { Int($0) } ?? 2000
    let file = arguments.count > 1 ? arguments[1] : "clothes.png"

    let clothes = try FashionMNIST.load().train
    let random = RandomStream(seed: 1)
    let order = BatchOrder(count: clothes.count, batchSize: 64, random: random.split("order"))
    var gan = GAN(random: random.split("weights"))
    for step in 0..<steps {
      let real = Tensor(clothes.floats(order.indices(forStep: step)), shape: [64, 28, 28, 1])
      let losses = gan.step(
        on: real, progress: Double(step) / Double(steps), random: random.split("step").split(step))
      if step % 100 == 0 || step == steps - 1 { print("step \(step): \(losses)") }
    }

    var latents = random.split("samples")
    let samples = gan.generator.network(latents.normal([64, latentSize]))
    let pictures = Picture.pictures(PixelScale.bytes(samples.values), height: 28, width: 28, channels: 1)
    try Data(SampleSheet(pictures).picture().png()).write(to: URL(fileURLWithPath: file))
    print("\(file) shows 64 samples")
  }
}
