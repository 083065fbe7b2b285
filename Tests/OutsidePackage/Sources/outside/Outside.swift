import LineupFamilies

/// Trains a GAN for a few steps on drawn shapes, with a learner of the library and a loop of its own.
@main struct Outside {
  static func main() {
    let random = RandomStream(seed: 1)
    let shapes = DrawnShapes(side: 28, channels: 1).images(part: "train", count: 64)
    let order = BatchOrder(count: shapes.count, batchSize: 8, random: random.split("order"))
    var options = AdversarialOptions()
    (options.channels, options.hidden, options.latentSize) = ([4, 8], 16, 8)
    var gan = AdversarialLearner(options: options, sampleShape: [28, 28, 1], random: random.split("learner"))
    for step in 0..<3 {
      let images = Tensor(shapes.floats(order.indices(forStep: step)), shape: [8, 28, 28, 1])
      let report = gan.step(on: Batch(images: images), progress: Double(step) / 3, random: random.split(step))
      precondition(report.isFinite, "step \(step) of a GAN gave \(report.losses)")
    }
    let samples = gan.sample(SampleRequest(count: 4, random: random.split("samples"))).images
    precondition(samples.shape == [4, 28, 28, 1] && samples.isFinite, "a GAN drew samples of shape \(samples.shape)")
    print("An outside package trained a GAN: samples of shape \(samples.shape)")
  }
}
