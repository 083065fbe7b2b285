import Foundation
import LineupKernels

/// Turns text into the token numbers that a CLIP text encoder reads: byte-level byte-pair encoding (Sennrich et al. 2016).
///
/// Added tokens are taken out first. The text between them is brought to Unicode form C, its runs of white space become
/// single spaces, its letters small; it is split into pieces (`pieces(of:)`), each piece is written in its UTF-8 bytes, the
/// last of which carries the mark `</w>`, and then adjacent tokens are joined in the order in which the joins were learned.
/// Any text can be encoded, with the numbers of the fast CLIP tokenizer of `transformers`.
public struct ByteLevelBPETokenizer: Sendable {
  /// One learned join of two adjacent tokens.
  package struct Merge: Sendable, Hashable {
    package var left: String
    package var right: String

    package init(_ left: String, _ right: String) { (self.left, self.right) = (left, right) }
  }

  package static let startText = "<|startoftext|>"
  package static let endText = "<|endoftext|>"
  /// The mark of a piece's last token.
  package static let wordEnd = "</w>"

  /// The number of each token.
  package let vocabulary: [String: Int32]
  /// The joins, the first learned first.
  package let merges: [Merge]
  /// The marks at both ends of an encoded text. The end also stands for tokens that the vocabulary lacks.
  public let start: Int32
  /// The number of the token that ends every text.
  public let end: Int32
  /// What fills a text up to a length: the end mark (Stable Diffusion 1) or another token (0 in Stable Diffusion 2).
  package var padding: Int32
  /// Texts with numbers of their own. The two marks are among them, in their exact letter case unless added otherwise.
  package private(set) var addedTokens: [AddedToken] = []

  private var exactTokens = AddedTokenSearch()
  private var normalizedTokens = AddedTokenSearch()
  private let joins: TokenJoins

  /// A tokenizer in CLIP's own order of numbers: the 256 bytes, the same with `</w>`, one token a merge, start, end.
  package init(merges: [Merge], padding: Int32? = nil) {
    self.init(vocabulary: Self.orderedVocabulary(merges), merges: merges, padding: padding)!
  }

  /// A tokenizer from a vocabulary with numbers of its own; `nil` where it lacks the start or the end mark.
  package init?(vocabulary: [String: Int32], merges: [Merge], padding: Int32? = nil) {
    guard let start = vocabulary[Self.startText], let end = vocabulary[Self.endText] else { return nil }
    self.vocabulary = vocabulary
    self.merges = merges
    (self.start, self.end) = (start, end)
    self.padding = padding ?? end
    joins = TokenJoins(vocabulary: vocabulary, merges: merges, unknown: end)
    add(AddedToken(Self.startText, numbers: [start], isNormalized: false))
    add(AddedToken(Self.endText, numbers: [end], isNormalized: false))
  }

  private static func orderedVocabulary(_ merges: [Merge]) -> [String: Int32] {
    let bytes = ByteAlphabet.order.map { String(ByteAlphabet.characters[Int($0)]) }
    let tokens = bytes + bytes.map { $0 + wordEnd } + merges.map { $0.left + $0.right } + [startText, endText]
    return Dictionary(tokens.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: min)
  }

  /// Adds a token, or replaces the one with the same text.
  package mutating func add(_ token: AddedToken) {
    addedTokens.removeAll { $0.text == token.text }
    addedTokens.append(token)
    (exactTokens, normalizedTokens) = (AddedTokenSearch(), AddedTokenSearch())
    for token in addedTokens {
      if token.isNormalized {
        normalizedTokens.add(Self.normalized(token.text), numbers: token.numbers)
      } else {
        exactTokens.add(Array(token.text.unicodeScalars), numbers: token.numbers)
      }
    }
  }

  /// The numbers of a text's tokens, without marks at the ends.
  public func encode(_ text: String) -> [Int32] {
    var numbers: [Int32] = []
    // By bytes, not as strings: strings that are canonically equivalent are equal, but need not have the same tokens.
    var known: [[UInt8]: [Int32]] = [:]
    for part in exactTokens.parts(of: Array(text.unicodeScalars)) {
      guard case .text(let scalars) = part else {
        if case .numbers(let added) = part { numbers += added }
        continue
      }
      for part in normalizedTokens.parts(of: Self.normalized(Self.string(scalars))) {
        switch part {
        case .numbers(let added): numbers += added
        case .text(let scalars):
          for piece in Self.pieces(in: scalars) {
            let bytes = Array(Self.string(piece).utf8)
            let tokens = known[bytes] ?? joins.tokens(of: bytes)
            known[bytes] = tokens
            numbers += tokens
          }
        }
      }
    }
    return numbers
  }

  /// A text as exactly `length` numbers: start, tokens, end, padding. A longer text loses its last tokens.
  public func encode(_ text: String, length: Int) -> [Int32] { padded(encode(text), length: length) }

  /// Tokens as exactly `length` numbers: start, as many tokens as fit, end, padding.
  package func padded(_ tokens: some Collection<Int32>, length: Int) -> [Int32] {
    require(length >= 2, "an encoded text has a start and an end, so a length of \(length) is not possible")
    let marked = [start] + tokens.prefix(length - 2) + [end]
    return marked + [Int32](repeating: padding, count: length - marked.count)
  }

  /// The text of token numbers, pieces apart by single spaces; marks and unknown numbers are left out.
  public func decode(_ tokens: some Sequence<Int32>) -> String {
    let added = addedTokens.filter { $0.numbers.count == 1 }.map { ($0.numbers[0], $0.text) }
    let texts = Dictionary(vocabulary.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let addedTexts = Dictionary(added, uniquingKeysWith: { first, _ in first })
    var bytes: [UInt8] = []
    for token in tokens where token != start && token != end {
      if let text = addedTexts[token] {
        bytes += Array("\(text) ".utf8)
        continue
      }
      guard let text = texts[token] else { continue }
      let ends = text.hasSuffix(Self.wordEnd)
      let letters = ends ? text.dropLast(Self.wordEnd.count) : text[...]
      bytes += letters.unicodeScalars.compactMap { ByteAlphabet.bytes[$0] }
      if ends { bytes.append(0x20) }
    }
    let decoded = String(decoding: bytes, as: UTF8.self)
    return decoded.hasSuffix(" ") ? String(decoded.dropLast()) : decoded
  }
}
