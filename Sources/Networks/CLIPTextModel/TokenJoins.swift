/// The learned joins of a vocabulary as numbers, which join the bytes of a piece into tokens.
struct TokenJoins: Sendable {
  private struct Pair: Hashable {
    var left: Int32
    var right: Int32
  }

  private struct Join {
    /// Its place in the order of learning.
    var rank: Int
    var joined: Int32
  }

  private var joins: [Pair: Join]
  /// The token of each byte, inside a piece and at its end.
  private let bytes: [Int32]
  private let lastBytes: [Int32]

  /// - Parameter unknown: the number for bytes that the vocabulary lacks. Joins of tokens that it lacks never apply.
  init(vocabulary: [String: Int32], merges: [ByteLevelBPETokenizer.Merge], unknown: Int32) {
    let characters = ByteAlphabet.characters.map { String($0) }
    bytes = characters.map { vocabulary[$0] ?? unknown }
    lastBytes = characters.map { vocabulary[$0 + ByteLevelBPETokenizer.wordEnd] ?? unknown }
    joins = [:]
    joins.reserveCapacity(merges.count)
    for (rank, merge) in merges.enumerated() {
      guard let left = vocabulary[merge.left], let right = vocabulary[merge.right],
        let joined = vocabulary[merge.left + merge.right], joins[Pair(left: left, right: right)] == nil
      else { continue }
      joins[Pair(left: left, right: right)] = Join(rank: rank, joined: joined)
    }
  }

  /// The tokens of a piece, given as UTF-8: the pair learned first is joined at all its occurrences from left to right,
  /// until no adjacent pair was learned.
  func tokens(of piece: [UInt8]) -> [Int32] {
    guard let last = piece.last else { return [] }
    var tokens = piece.dropLast().map { bytes[Int($0)] } + [lastBytes[Int(last)]]
    while true {
      var best: (pair: Pair, join: Join)?
      for (left, right) in zip(tokens, tokens.dropFirst()) {
        let pair = Pair(left: left, right: right)
        if let join = joins[pair], join.rank < best?.join.rank ?? .max { best = (pair, join) }
      }
      guard let (pair, join) = best else { return tokens }
      var count = 0
      var place = 0
      while place < tokens.count {
        let joins = place + 1 < tokens.count && tokens[place] == pair.left && tokens[place + 1] == pair.right
        tokens[count] = joins ? join.joined : tokens[place]
        count += 1
        place += joins ? 2 : 1
      }
      tokens.removeLast(tokens.count - count)
    }
  }
}
