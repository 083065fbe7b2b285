/// A text that stands for fixed numbers wherever it occurs in a text, also inside words, before anything else is cut or
/// joined: a mark such as `<|endoftext|>`, or a word that was added to a vocabulary later.
package struct AddedToken: Sendable, Hashable {
  package var text: String
  /// What it is encoded as; a word of textual inversion can stand for several rows of an encoder's table.
  package var numbers: [Int32]
  /// Whether it is looked for after normalisation, in which case neither its own letter case nor the text's counts.
  package var isNormalized: Bool

  package init(_ text: String, numbers: [Int32], isNormalized: Bool) {
    (self.text, self.numbers, self.isNormalized) = (text, numbers, isNormalized)
  }
}

/// Finds added tokens in a text: at each place the longest that begins there, from left to right.
struct AddedTokenSearch: Sendable {
  /// A stretch of a text between added tokens, or the numbers of one.
  enum Part {
    case text(ArraySlice<Unicode.Scalar>)
    case numbers([Int32])
  }

  /// By their first scalar, the longest first.
  private var tokens: [Unicode.Scalar: [(text: [Unicode.Scalar], numbers: [Int32])]] = [:]

  mutating func add(_ text: [Unicode.Scalar], numbers: [Int32]) {
    guard let first = text.first else { return }
    var same = tokens[first, default: []].filter { $0.text != text }
    same.append((text, numbers))
    tokens[first] = same.sorted { $0.text.count > $1.text.count }
  }

  func parts(of text: [Unicode.Scalar]) -> [Part] {
    var parts: [Part] = []
    var (begin, place) = (0, 0)
    while place < text.count {
      guard let found = tokens[text[place]]?.first(where: { text[place...].starts(with: $0.text) }) else {
        place += 1
        continue
      }
      if begin < place { parts.append(.text(text[begin..<place])) }
      parts.append(.numbers(found.numbers))
      place += found.text.count
      begin = place
    }
    if begin < text.count { parts.append(.text(text[begin...])) }
    return parts
  }
}
