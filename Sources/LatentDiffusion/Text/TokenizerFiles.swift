import Foundation

/// What can be wrong with a tokenizer's files.
public enum TokenizerError: Error, CustomStringConvertible, Equatable {
  case malformed(file: String, place: String, found: String, expected: String)

  public var description: String {
    switch self {
    case .malformed(let file, let place, let found, let expected):
      "\(file), \(place): found \(found), expected \(expected)"
    }
  }
}

extension ByteLevelBPETokenizer {
  /// A tokenizer from the texts of `vocab.json` and `merges.txt`; `file` in errors is one of these two names.
  public init(vocabularyJSON: String, mergesText: String, padding: Int32? = nil) throws(TokenizerError) {
    let object = try? JSONSerialization.jsonObject(with: Data(vocabularyJSON.utf8))
    guard let numbers = object as? [String: Int] else {
      throw .malformed(
        file: "vocab.json", place: "its top", found: "something else", expected: "an object of token numbers")
    }
    let vocabulary = numbers.compactMapValues { Int32(exactly: $0) }
    let merges = try Self.merges(in: mergesText)
    guard vocabulary.count == numbers.count,
      let tokenizer = Self(vocabulary: vocabulary, merges: merges, padding: padding)
    else {
      throw .malformed(
        file: "vocab.json", place: "its tokens", found: "no \(Self.startText) or \(Self.endText)",
        expected: "both, with numbers below 2³¹")
    }
    self = tokenizer
  }

  /// The merges listed in a text, one a line after an optional `#version` line; no more than `limit` of them (CLIP's own
  /// file holds more than its vocabulary uses: 48,894).
  public static func merges(in text: String, limit: Int = .max) throws(TokenizerError) -> [Merge] {
    var merges: [Merge] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.last == "\r" ? line.dropLast() : line
      if merges.count == limit { break }
      if line.isEmpty || number == 0 && (line.hasPrefix("#version") || line.hasPrefix("\"")) { continue }
      let parts = line.split(separator: " ")
      guard parts.count == 2 else {
        throw .malformed(
          file: "merges.txt", place: "line \(number + 1)", found: "\"\(line)\"", expected: "two tokens and a space")
      }
      merges.append(Merge(String(parts[0]), String(parts[1])))
    }
    return merges
  }

  /// The text of `vocab.json`: the tokens in the order of their numbers.
  public var vocabularyJSON: String {
    let entries = vocabulary.sorted { $0.value < $1.value }.map { "\(Self.quoted($0.key)): \($0.value)" }
    return "{" + entries.joined(separator: ", ") + "}\n"
  }

  /// The text of `merges.txt`.
  public var mergesText: String {
    (["#version: 0.2"] + merges.map { "\($0.left) \($0.right)" }).joined(separator: "\n") + "\n"
  }

  /// A JSON string. Tokens hold no control characters.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
