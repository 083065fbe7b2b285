import Foundation

/// How the classes that a classifier sees in generated images compare with those of the training set.
package struct ClassBalance: Sendable, Equatable {
  /// The share of each class among the generated images.
  package let shares: [Double]
  /// The number of classes with a share of at least 1/(10 K).
  package let classesHit: Int
  /// KL(generated ‖ training) in nats; infinite when a class that training lacks was generated.
  package let divergence: Double

  /// Compares predicted labels with the training set's.
  package init(predicted: [Int32], training: [Int32], classCount: Int) {
    shares = Self.shares(predicted, classCount)
    let expected = Self.shares(training, classCount)
    classesHit = shares.count { $0 >= 1 / Double(10 * classCount) }
    divergence = zip(shares, expected).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) }
  }

  /// The number of classes with at least `share` of the images.
  package func classes(withShare share: Double) -> Int { shares.count { $0 >= share } }

  private static func shares(_ labels: [Int32], _ classCount: Int) -> [Double] {
    precondition(!labels.isEmpty, "a class histogram needs labels")
    var counts = [Double](repeating: 0, count: classCount)
    for label in labels {
      precondition((0..<classCount).contains(Int(label)), "label \(label) is not one of \(classCount) classes")
      counts[Int(label)] += 1
    }
    return counts.map { $0 / Double(labels.count) }
  }
}
