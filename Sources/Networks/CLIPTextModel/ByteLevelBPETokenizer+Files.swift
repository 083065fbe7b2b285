import LineupStrictJSON
import LineupSupport

extension ByteLevelBPETokenizer {
  /// A tokenizer from the texts of `vocab.json` and `merges.txt`, which errors call by the given names.
  package init(
    vocabularyJSON: String, mergesText: String, vocabularyFile: String = "vocab.json", mergesFile: String = "merges.txt"
  ) throws(Fault) {
    let vocabulary = try JSONDocument(reading: Array(vocabularyJSON.utf8), source: vocabularyFile)
      .decoded(as: [String: Int32].self)
    try self.init(
      vocabulary: vocabulary, merges: Self.merges(in: mergesText, file: mergesFile), vocabularyFile: vocabularyFile,
      mergesFile: mergesFile)
  }

  /// A tokenizer from what was read from files, after checking that the vocabulary holds the two marks and all tokens of
  /// the merges.
  package init(
    vocabulary: [String: Int32], merges: [Merge], vocabularyFile: String, mergesFile: String
  ) throws(Fault) {
    if let negative = vocabulary.first(where: { $0.value < 0 }) {
      throw .malformed(
        vocabularyFile, place: "the token \(JSONValue.quoted(negative.key))", found: "the number \(negative.value)",
        expected: "a number from 0")
    }
    let strange = merges.indices.filter { index in
      let merge = merges[index]
      return [merge.left, merge.right, merge.left + merge.right].contains { vocabulary[$0] == nil }
    }
    if let first = strange.first {
      let (merge, more) = (merges[first], strange.count > 1 ? ", and \(strange.count - 1) more such merges" : "")
      throw .malformed(
        mergesFile, place: "merge \(first + 1)", found: "\"\(merge.left) \(merge.right)\"\(more)",
        expected: "two tokens that the vocabulary of \(vocabularyFile) holds, as well as what they make together")
    }
    guard let tokenizer = Self(vocabulary: vocabulary, merges: merges) else {
      throw .malformed(
        vocabularyFile, place: "its tokens", found: "no \(Self.startText) or \(Self.endText)", expected: "both")
    }
    self = tokenizer
  }

  /// The merges listed in a text, one a line after an optional `#version` line; no more than `limit` of them (CLIP's own
  /// file holds more than its vocabulary uses: 48,894). Errors call the text `file`.
  package static func merges(
    in text: String, limit: Int = .max, file: String = "merges.txt"
  ) throws(Fault) -> [Merge] {
    var merges: [Merge] = []
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      if merges.count == limit { break }
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      let isHeading = number == 0 && (line.starts(with: "#version".utf8) || line.first == UInt8(ascii: "\""))
      if line.isEmpty || isHeading { continue }
      let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { String($0)! }
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
        throw .malformed(
          file, place: "line \(number + 1)", found: "\"\(String(line)!)\"", expected: "two tokens and a space")
      }
      merges.append(Merge(parts[0], parts[1]))
    }
    return merges
  }

  /// The text of `vocab.json`: the tokens in the order of their numbers.
  package var vocabularyJSON: String {
    let entries = vocabulary.sorted { $0.value < $1.value }.map { "\(JSONValue.quoted($0.key)): \($0.value)" }
    return "{" + entries.joined(separator: ", ") + "}\n"
  }

  /// The text of `merges.txt`.
  package var mergesText: String {
    (["#version: 0.2"] + merges.map { "\($0.left) \($0.right)" }).joined(separator: "\n") + "\n"
  }
}
