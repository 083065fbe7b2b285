import Algorithms
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// Labelled images, handed out by index: `[indices.count, height, width, channels]` in [−1, 1] and their classes.
package struct LabelledImages: Sendable {
  package let count: Int
  package let batch: @Sendable ([Int]) -> (images: Tensor, labels: [Int32])

  package init(count: Int, batch: @escaping @Sendable ([Int]) -> (images: Tensor, labels: [Int32])) {
    self.count = count
    self.batch = batch
  }

  /// Images that lie one after the other in an array of values, `imageShape` each.
  package init(values: [Float], imageShape: [Int], labels: [Int32]) {
    let size = imageShape.reduce(1, *)
    require(
      values.count == labels.count * size,
      "\(values.count) values are not \(labels.count) images of shape \(imageShape)")
    self.init(count: labels.count) { indices in
      let images = Tensor(shape: [indices.count] + imageShape) { out in
        for (place, index) in indices.enumerated() {
          for offset in 0..<size { out[place * size + offset] = values[index * size + offset] }
        }
      }
      return (images, indices.map { labels[$0] })
    }
  }
}

/// How a classifier is trained.
package struct ClassifierPlan: Sendable {
  package var epochs = 6
  package var batchSize = 64
  /// Adam's step size, which falls to zero along half a cosine.
  package var learningRate = 2e-3

  package init(epochs: Int = 6) { self.epochs = epochs }
}

/// Trains a classifier by Adam on the cross-entropy, over images in an order drawn anew for each epoch.
///
/// - Parameter report: told the epoch (from 1) and the mean loss in it, in nats.
package func trainClassifier(
  _ network: inout some Classifier, on examples: LabelledImages, plan: ClassifierPlan = ClassifierPlan(),
  random: RandomStream, report: (_ epoch: Int, _ loss: Double) -> Void = { _, _ in }
) {
  let steps = examples.count / plan.batchSize
  require(steps > 0, "\(examples.count) images are fewer than one batch of \(plan.batchSize)")
  let schedule = LearningRateSchedule(peak: plan.learningRate, decay: .cosine)
  var optimizer = Adam(for: network)
  for epoch in 0..<plan.epochs {
    var stream = random.split("epoch").split(epoch)
    let order = stream.permutation(of: examples.count)
    var total = 0.0
    for step in 0..<steps {
      let (images, labels) = examples.batch(order[step * plan.batchSize..<(step + 1) * plan.batchSize].map(Int.init))
      let (loss, gradient) = valueAndGradient(of: &network) { crossEntropy($0.scores(images), labels: labels) }
      let progress = Double(epoch * steps + step) / Double(plan.epochs * steps)
      optimizer.update(&network, along: gradient, learningRate: Float(schedule.rate(at: progress)))
      total += Double(loss.scalar)
    }
    report(epoch + 1, total / Double(steps))
  }
}

/// The share of images that a classifier gets right.
package func accuracy(of network: some Classifier, on examples: LabelledImages) -> Double {
  var right = 0
  for part in (0..<examples.count).chunks(ofCount: 250) {
    let (images, labels) = examples.batch(Array(part))
    right += zip(network.classes(of: images), labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
  }
  return Double(right) / Double(max(examples.count, 1))
}

extension ImageClassifier {
  /// The network that measures, trained on the spot: for data that no committed network fits. The same examples give the
  /// same network.
  package static func trained(
    on examples: LabelledImages, imageShape: [Int], classCount: Int, plan: ClassifierPlan = ClassifierPlan()
  ) -> ImageClassifier {
    let random = RandomStream(seed: NetworkPurpose.measuring.seed)
    var network = ImageClassifier(imageShape: imageShape, classCount: classCount, random: random.split("weights"))
    trainClassifier(&network, on: examples, plan: plan, random: random.split("order"))
    return network
  }
}

extension PerceptualNetwork {
  /// The network for perceptual losses, trained on the spot: for data that no committed network fits.
  package static func trained(
    on examples: LabelledImages, channels: Int, classCount: Int, plan: ClassifierPlan = ClassifierPlan()
  ) -> PerceptualNetwork {
    let random = RandomStream(seed: NetworkPurpose.perceptual.seed)
    var network = PerceptualNetwork(channels: channels, classCount: classCount, random: random.split("weights"))
    trainClassifier(&network, on: examples, plan: plan, random: random.split("order"))
    return network
  }
}
