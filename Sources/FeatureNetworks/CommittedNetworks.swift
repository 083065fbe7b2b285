import Foundation
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// What a network's features are for. No network serves both.
package enum NetworkPurpose: String, Codable, Sendable, CaseIterable {
  /// Distances and class counts in reports; never in a loss.
  case measuring
  /// Losses; never in a report.
  case perceptual

  /// The seed from which the network of this purpose is drawn and trained.
  package var seed: UInt64 {
    switch self {
    case .measuring: 101
    case .perceptual: 202
    }
  }
}

/// How a network whose weights come with the package came about. It stands as JSON beside the weights.
package struct NetworkRecord: Codable, Sendable, Hashable {
  package var dataset: String
  package var purpose: NetworkPurpose
  /// `[height, width, channels]` of the images it was trained on.
  package var imageShape: [Int]
  package var classCount: Int
  package var seed: UInt64
  package var trainingImages: Int
  package var epochs: Int
  /// The share of the set's test images that it gets right.
  package var testAccuracy: Double
  /// The SHA-256 of the file of weights, in hexadecimal digits.
  package var sha256 = ""

  package init(
    dataset: String, purpose: NetworkPurpose, imageShape: [Int], classCount: Int, trainingImages: Int, epochs: Int,
    testAccuracy: Double
  ) {
    (self.dataset, self.purpose, self.imageShape, self.classCount) = (dataset, purpose, imageShape, classCount)
    (self.trainingImages, self.epochs, self.testAccuracy) = (trainingImages, epochs, testAccuracy)
    seed = purpose.seed
  }

  /// The name of its files, without an extension.
  package var fileName: String { "\(dataset).\(purpose.rawValue)" }

  /// Writes the weights and this record, with the weights' hash filled in, into a folder.
  ///
  /// - Parameter hash: gives the SHA-256 of bytes in hexadecimal digits.
  package func write(
    _ network: inout some Classifier, to folder: String, hash: ([UInt8]) -> String
  ) throws {
    let path = "\(folder)/\(fileName)"
    try Checkpoint.write(&network, to: path + ".safetensors")
    var record = self
    record.sha256 = hash(try WholeFile.read(path + ".safetensors"))
    try JSONFile.write(record, to: path + ".json")
  }
}

/// The record of the network that comes with the package for a data set, or nothing where there is none.
package func committedRecord(_ purpose: NetworkPurpose, for dataset: String) throws(Fault) -> NetworkRecord? {
  guard let path = resourcePath("\(dataset).\(purpose.rawValue)", "json") else { return nil }
  return try JSONFile.read(NetworkRecord.self, from: path)
}

/// Where the weights of a committed network lie, or nothing where there is none.
package func committedWeightsPath(_ purpose: NetworkPurpose, for dataset: String) -> String? {
  resourcePath("\(dataset).\(purpose.rawValue)", "safetensors")
}

/// The network that measures samples of a data set and that comes with the package, or nothing where there is none.
package func measuring(for dataset: String) throws(Fault) -> ImageClassifier? {
  guard let record = try committedRecord(.measuring, for: dataset),
    let path = committedWeightsPath(.measuring, for: dataset)
  else { return nil }
  var network = ImageClassifier(record)
  try Checkpoint.read(into: &network, from: path)
  return network
}

/// The network for perceptual losses on a data set that comes with the package, or nothing where there is none for images
/// of so many channels.
package func perceptual(for dataset: String, channels: Int) throws(Fault) -> PerceptualNetwork? {
  guard let record = try committedRecord(.perceptual, for: dataset), record.imageShape[2] == channels,
    let path = committedWeightsPath(.perceptual, for: dataset)
  else { return nil }
  var network = PerceptualNetwork(record)
  try Checkpoint.read(into: &network, from: path)
  return network
}

extension ImageClassifier {
  /// The untrained network that a record describes.
  package init(_ record: NetworkRecord) {
    self.init(
      imageShape: record.imageShape, classCount: record.classCount,
      random: RandomStream(seed: record.seed).split("weights"))
  }
}

extension PerceptualNetwork {
  /// The untrained network that a record describes.
  package init(_ record: NetworkRecord) {
    self.init(
      channels: record.imageShape[2], classCount: record.classCount,
      random: RandomStream(seed: record.seed).split("weights"))
  }
}

private func resourcePath(_ name: String, _ type: String) -> String? {
  Bundle.module.path(forResource: name, ofType: type, inDirectory: "Resources")
}
