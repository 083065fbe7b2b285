import LineupLearning
import LineupNetworks
import LineupTensors

extension Condition {
  /// The class of the image: one learned vector for each, and one more for "told nothing" (Ho and Salimans 2022).
  package static let `class` = Condition(
    "class", .class,
    problems: { _, facts in
      guard let count = facts.classCount, count < 2 else { return [] }
      return [SettingProblem(["condition"], found: "\(facts.name) with \(count) classes", expected: "two or more")]
    },
    parts: { options, data, random in
      var stream = random.split("class")
      let table = Embedding(data.classCount + 1, width: options.text.width, random: &stream)
      return Parts(reader: ClassReader(count: data.classCount), encoder: ClassTable(vectors: table))
    })
}

/// Class labels as they are; the number after the last one stands for "told nothing".
struct ClassReader: ConditionReader {
  let count: Int

  var empty: [Int32] { [Int32(count)] }

  func tokens(captions: [String], labels: [Int32], count images: Int) -> [[Int32]] {
    (0..<images).map { index in
      let label = labels.isEmpty ? -1 : Int(labels[index])
      return (0..<count).contains(label) ? [Int32(label)] : empty
    }
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {}
}

/// A vector a class, `[classes + 1, width]`.
struct ClassTable: ContextEncoder {
  var vectors: Embedding

  func context(of tokens: [[Int32]]) -> Tensor {
    let rows = vectors(tokens.map { $0[0] })
    return rows.reshaped(to: [tokens.count, 1, rows.shape[1]])
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("vectors", &vectors) }
}
