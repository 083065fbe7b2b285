import LineupTensors

/// A tokenizer learned from captions as part of a learner's state, so that a checkpoint alone restores it.
package struct CaptionTokenizer: Module {
  package private(set) var tokenizer: ByteLevelBPETokenizer
  /// The merges as numbers of the two tokens joined, `[vocabularySize − 514, 2]`; rows that are not used hold −1.
  private var merges: Tensor

  package init(captions: [String], vocabularySize: Int) {
    tokenizer = .learned(from: captions, vocabularySize: vocabularySize)
    var numbers = tokenizer.merges.flatMap { [$0.left, $0.right] }.map { [tokenizer] in Float(tokenizer.vocabulary[$0]!)
    }
    let rows = vocabularySize - ByteLevelBPETokenizer.leastVocabularySize
    numbers += [Float](repeating: -1, count: 2 * rows - numbers.count)
    merges = Tensor(numbers, shape: [rows, 2])
  }

  /// The visitor may have put other merges here; the tokenizer follows them.
  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    let before = merges.values
    visitor.buffer("merges", &merges)
    let after = merges.values
    if after != before { tokenizer = Self.tokenizer(mergeNumbers: after) }
  }

  private static func tokenizer(mergeNumbers numbers: [Float]) -> ByteLevelBPETokenizer {
    let bytes = ByteAlphabet.order.map { String(ByteAlphabet.characters[Int($0)]) }
    var tokens = bytes + bytes.map { $0 + ByteLevelBPETokenizer.wordEnd }
    var merges: [ByteLevelBPETokenizer.Merge] = []
    for row in stride(from: 0, to: numbers.count, by: 2) {
      let (left, right) = (Int(numbers[row]), Int(numbers[row + 1]))
      guard tokens.indices.contains(left), tokens.indices.contains(right) else { break }
      merges.append(.init(tokens[left], tokens[right]))
      tokens.append(tokens[left] + tokens[right])
    }
    return ByteLevelBPETokenizer(merges: merges)
  }
}
