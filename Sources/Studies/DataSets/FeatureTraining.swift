import Foundation
import LineupDatasets
import LineupFeatureNetworks
import LineupFormats
import LineupSupport
import LineupTensors

/// Trains the two small classifiers of a data set: one that measures, and another, from another seed and of another
/// build, for perceptual losses.
package struct FeatureTraining: Sendable {
  let dataset: String
  let epochs: Int

  package init(dataset: String, epochs: Int) {
    self.dataset = dataset
    self.epochs = epochs
  }

  /// Trains both and writes weights and records into a folder.
  ///
  /// - Returns: the records, with accuracies on the test images and the weights' hashes.
  package func run(to folder: String, report: (String) -> Void) throws -> [String] {
    try Folder.make(folder)
    let splits = try Dataset.load(DataRequest(name: dataset))
    let shape = [splits.train.height, splits.train.width, splits.train.channels]
    let classes = splits.train.classNames.count
    let training = Self.examples(splits.train)
    let test = Self.examples(splits.test)
    let plan = ClassifierPlan(epochs: epochs)

    func record(_ purpose: NetworkPurpose, _ accuracy: Double) -> NetworkRecord {
      NetworkRecord(
        dataset: dataset, purpose: purpose, imageShape: shape, classCount: classes, trainingImages: training.count,
        epochs: epochs, testAccuracy: accuracy)
    }
    let hash = { (bytes: [UInt8]) in SHA256.hexadecimalDigest(of: bytes) }
    var measuring = ImageClassifier.trained(on: training, imageShape: shape, classCount: classes, plan: plan)
    let first = record(.measuring, accuracy(of: measuring, on: test))
    try first.write(&measuring, to: folder, hash: hash)
    report("measuring: \(Self.percent(first.testAccuracy)) of the test images right")
    var perceptual = PerceptualNetwork.trained(on: training, channels: shape[2], classCount: classes, plan: plan)
    let second = record(.perceptual, accuracy(of: perceptual, on: test))
    try second.write(&perceptual, to: folder, hash: hash)
    report("perceptual: \(Self.percent(second.testAccuracy)) of the test images right")
    return [first, second].flatMap { ["\(folder)/\($0.fileName).safetensors", "\(folder)/\($0.fileName).json"] }
  }

  private static func examples(_ set: ImageSet) -> LabelledImages {
    LabelledImages(count: set.count) { indices in
      (
        Tensor(set.floats(indices), shape: [indices.count, set.height, set.width, set.channels]),
        indices.map { set.labels[$0] }
      )
    }
  }

  private static func percent(_ share: Double) -> String { NumberText.significant(share * 100) + " %" }
}
