import LineupKernels

extension ByteLevelBPETokenizer {
  /// The numbers of a vocabulary without any merge: 256 bytes, the same at a piece's end, and the two marks.
  package static let leastVocabularySize = 514

  /// A tokenizer whose merges are learned from captions: again and again the most frequent adjacent pair of tokens becomes
  /// a token, until the vocabulary is full or no pair comes twice.
  ///
  /// It depends on how often each caption comes, not on their order; of equally frequent pairs the one that is first in
  /// the order of Unicode scalars wins.
  public static func learned(from captions: [String], vocabularySize: Int) -> ByteLevelBPETokenizer {
    require(
      vocabularySize >= leastVocabularySize,
      "a byte-level vocabulary has at least \(leastVocabularySize) tokens, not \(vocabularySize)")
    var counts: [String: Int] = [:]
    for (caption, count) in Dictionary(captions.map { ($0, 1) }, uniquingKeysWith: +) {
      for piece in pieces(of: caption) { counts[piece, default: 0] += count }
    }
    var words = counts.map { (symbols: symbols(of: $0), count: $1) }
    var merges: [Merge] = []
    while merges.count < vocabularySize - leastVocabularySize, let merge = mostFrequentPair(in: words) {
      merges.append(merge)
      for index in words.indices { words[index].symbols = joining(merge, in: words[index].symbols) }
    }
    return ByteLevelBPETokenizer(merges: merges)
  }

  private static func mostFrequentPair(in words: [(symbols: [String], count: Int)]) -> Merge? {
    var counts: [Merge: Int] = [:]
    for word in words {
      for (left, right) in zip(word.symbols, word.symbols.dropFirst()) {
        counts[Merge(left, right), default: 0] += word.count
      }
    }
    let best = counts.filter { $0.value >= 2 }.max { a, b in
      a.value != b.value ? a.value < b.value : (b.key.left, b.key.right) < (a.key.left, a.key.right)
    }
    return best?.key
  }

  /// A piece's bytes as the tokens that joining starts from.
  private static func symbols(of piece: String) -> [String] {
    var symbols = piece.utf8.map { String(ByteAlphabet.characters[Int($0)]) }
    symbols[symbols.count - 1] += wordEnd
    return symbols
  }

  private static func joining(_ merge: Merge, in symbols: [String]) -> [String] {
    var result: [String] = []
    var place = 0
    while place < symbols.count {
      if place + 1 < symbols.count, symbols[place] == merge.left, symbols[place + 1] == merge.right {
        result.append(merge.left + merge.right)
        place += 2
      } else {
        result.append(symbols[place])
        place += 1
      }
    }
    return result
  }
}
