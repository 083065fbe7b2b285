import LineupFamilies

/// Trains a GAN on drawn shapes and gives some samples.
func trainAGAN(steps: Int, batchSize: Int) -> Tensor {
  let random = RandomStream(seed: 1)
  let shapes = DrawnShapes(side: 28, channels: 1).images(part: "train", count: 600)
  let order = BatchOrder(count: shapes.count, batchSize: batchSize, random: random.split("order"))

  var options = AdversarialOptions()
  options.r1 = 0.1
  var gan = AdversarialLearner(options: options, sampleShape: [28, 28, 1], random: random.split("learner"))

  for step in 0..<steps {
    let images = Tensor(shapes.floats(order.indices(forStep: step)), shape: [batchSize, 28, 28, 1])
    let report = gan.step(
      on: Batch(images: images), progress: Double(step) / Double(steps), random: random.split("step").split(step))
    if step % 100 == 0 { print(step, report.losses) }
  }
  let samples = gan.sample(SampleRequest(count: 16, random: random.split("samples"))).images  // [16, 28, 28, 1]
  return samples
}
