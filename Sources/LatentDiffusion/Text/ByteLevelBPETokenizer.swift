import Foundation
import Kernels

/// Turns text into the token numbers that a CLIP text encoder reads: byte-level byte-pair encoding (Sennrich et al. 2016).
///
/// Text is brought to Unicode form C, its runs of white space become single spaces, its letters small; it is split into
/// pieces (`pieces(of:)`), each piece is written in its UTF-8 bytes, the last of which carries the mark `</w>`, and then
/// adjacent tokens are joined in the order in which the joins were learned. Any text can be encoded.
public struct ByteLevelBPETokenizer: Sendable {
  /// One learned join of two adjacent tokens.
  public struct Merge: Sendable, Hashable {
    public var left: String
    public var right: String

    public init(_ left: String, _ right: String) { (self.left, self.right) = (left, right) }
  }

  static let startText = "<|startoftext|>"
  static let endText = "<|endoftext|>"
  /// The mark of a piece's last token.
  static let wordEnd = "</w>"

  /// The number of each token.
  public let vocabulary: [String: Int32]
  /// The joins, the first learned first.
  public let merges: [Merge]
  /// The marks at both ends of an encoded text. The end also stands for tokens that the vocabulary lacks.
  public let start: Int32
  public let end: Int32
  /// What fills a text up to a length: the end mark (Stable Diffusion 1) or another token (0 in Stable Diffusion 2).
  public let padding: Int32

  private let ranks: [Merge: Int]

  /// A tokenizer in CLIP's own order of numbers: the 256 bytes, the same with `</w>`, one token a merge, start, end.
  public init(merges: [Merge], padding: Int32? = nil) {
    self.init(vocabulary: Self.orderedVocabulary(merges), merges: merges, padding: padding)!
  }

  /// A tokenizer from a vocabulary with numbers of its own; `nil` where it lacks the start or the end mark.
  public init?(vocabulary: [String: Int32], merges: [Merge], padding: Int32? = nil) {
    guard let start = vocabulary[Self.startText], let end = vocabulary[Self.endText] else { return nil }
    self.vocabulary = vocabulary
    self.merges = merges
    (self.start, self.end) = (start, end)
    self.padding = padding ?? end
    ranks = Dictionary(merges.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
  }

  private static func orderedVocabulary(_ merges: [Merge]) -> [String: Int32] {
    let bytes = ByteAlphabet.order.map { String(ByteAlphabet.characters[Int($0)]) }
    let tokens = bytes + bytes.map { $0 + wordEnd } + merges.map { $0.left + $0.right } + [startText, endText]
    return Dictionary(tokens.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: min)
  }

  /// The numbers of a text's tokens, without marks at the ends.
  public func encode(_ text: String) -> [Int32] {
    Self.pieces(of: text).flatMap { piece -> [Int32] in
      if piece == Self.startText { return [start] }
      if piece == Self.endText { return [end] }
      return joined(Self.symbols(of: piece)).map { vocabulary[$0] ?? end }
    }
  }

  /// A text as exactly `length` numbers: start, tokens, end, padding. A longer text loses its last tokens.
  public func encode(_ text: String, length: Int) -> [Int32] {
    require(length >= 2, "an encoded text has a start and an end, so a length of \(length) is not possible")
    let marked = [start] + encode(text).prefix(length - 2) + [end]
    return marked + [Int32](repeating: padding, count: length - marked.count)
  }

  /// The text of token numbers, pieces apart by single spaces; marks and unknown numbers are left out.
  public func decode(_ tokens: [Int32]) -> String {
    let texts = Dictionary(vocabulary.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var bytes: [UInt8] = []
    for token in tokens where token != start && token != end {
      guard let text = texts[token] else { continue }
      let ends = text.hasSuffix(Self.wordEnd)
      let letters = ends ? text.dropLast(Self.wordEnd.count) : text[...]
      bytes += letters.unicodeScalars.compactMap { ByteAlphabet.bytes[$0] }
      if ends { bytes.append(0x20) }
    }
    let decoded = String(decoding: bytes, as: UTF8.self)
    return decoded.hasSuffix(" ") ? String(decoded.dropLast()) : decoded
  }

  /// A piece's bytes as the tokens that joining starts from.
  static func symbols(of piece: String) -> [String] {
    var symbols = piece.utf8.map { String(ByteAlphabet.characters[Int($0)]) }
    symbols[symbols.count - 1] += wordEnd
    return symbols
  }

  /// Joins adjacent tokens, the earliest learned pair first and all its occurrences from left to right, until no
  /// adjacent pair was learned.
  private func joined(_ symbols: [String]) -> [String] {
    var symbols = symbols
    while true {
      var best: (rank: Int, merge: Merge)?
      for (left, right) in zip(symbols, symbols.dropFirst()) {
        let merge = Merge(left, right)
        if let rank = ranks[merge], rank < best?.rank ?? .max { best = (rank, merge) }
      }
      guard let best else { return symbols }
      symbols = Self.joining(best.merge, in: symbols)
    }
  }

  static func joining(_ merge: Merge, in symbols: [String]) -> [String] {
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
