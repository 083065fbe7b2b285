import Foundation
import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupSupport

/// The tokenizer of a checkpoint, as its `tokenizer/` folder describes it.
package struct PromptTokenizer: Sendable {
  package var tokens: ByteLevelBPETokenizer
  /// How many numbers a text is encoded as, both marks included; nil where the files do not say. [model_max_length]
  package let maximumLength: Int?

  package init(_ tokens: ByteLevelBPETokenizer, maximumLength: Int? = nil) {
    (self.tokens, self.maximumLength) = (tokens, maximumLength)
  }

  /// Reads `tokenizer.json`, or else `vocab.json` and `merges.txt`, with `tokenizer_config.json`,
  /// `special_tokens_map.json` and `added_tokens.json` where they exist.
  ///
  /// Where files disagree, the one that transformers follows wins: the map over the configuration, unless the latter lists
  /// the added tokens itself. Without a padding token in them texts are padded with the end mark.
  package init(folder: String) throws(Fault) {
    func path(_ name: String) -> String { URL(fileURLWithPath: folder).appendingPathComponent(name).path }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    var added: [TokenizerSettings.Token] = []
    if exists("tokenizer.json") {
      let file = try decodedTokenizerFile(TokenizerJSON.self, path("tokenizer.json"))
      added = file.addedTokens ?? []
      tokens = try ByteLevelBPETokenizer(
        vocabulary: file.model.vocabulary.merging(Self.numbers(of: added)) { own, _ in own }, merges: file.model.merges,
        vocabularyFile: path("tokenizer.json"), mergesFile: path("tokenizer.json"))
    } else if exists("vocab.json") || exists("merges.txt") {
      tokens = try ByteLevelBPETokenizer(
        vocabularyJSON: try WholeFile.text(path("vocab.json")),
        mergesText: try WholeFile.text(path("merges.txt")),
        vocabularyFile: path("vocab.json"), mergesFile: path("merges.txt"))
    } else {
      throw .unreadable(folder, "it holds neither tokenizer.json nor vocab.json and merges.txt")
    }

    let configurationFile = path("tokenizer_config.json")
    var settings = TokenizerSettings()
    if exists("tokenizer_config.json") {
      settings = try decodedTokenizerFile(TokenizerSettings.self, configurationFile)
    }
    if let listed = settings.addedTokens {
      added = listed.map { number, token in
        var token = token
        token.number = Int32(number)
        return token
      }
    } else {
      if exists("added_tokens.json") {
        let numbers = try decodedTokenizerFile([String: Int32].self, path("added_tokens.json"))
        added += numbers.map { .init(text: $0, isNormalized: true, number: $1) }
      }
      if exists("special_tokens_map.json") {
        settings.override(with: try decodedTokenizerFile(TokenizerSettings.self, path("special_tokens_map.json")))
      }
    }
    maximumLength = try Self.maximumLength(settings, file: configurationFile)
    try add(added, special: settings, file: configurationFile)
  }

  private static func numbers(of tokens: [TokenizerSettings.Token]) -> [String: Int32] {
    Dictionary(
      tokens.compactMap { token in token.number.map { (token.text, $0) } }, uniquingKeysWith: { first, _ in first })
  }

  /// Files without a limit of their own state one of about 10³⁰.
  private static func maximumLength(_ settings: TokenizerSettings, file: String) throws(Fault) -> Int? {
    guard let length = settings.maximumLength, length < 1e9 else { return nil }
    guard length >= 3, length == length.rounded() else {
      throw .malformed(
        file, place: "model_max_length", found: "\(length)", expected: "a whole number from 3")
    }
    return Int(length)
  }

  /// Adds the tokens that the files list, and those with a role; where the latter are listed too, as they are listed.
  private mutating func add(
    _ listed: [TokenizerSettings.Token], special: TokenizerSettings, file: String
  ) throws(Fault) {
    let numbers = Self.numbers(of: listed)
    for token in listed {
      try add(token, as: "added token", number: tokens.vocabulary[token.text] ?? token.number, file: file)
    }
    let roles = [
      ("bos_token", special.start, ByteLevelBPETokenizer.startText),
      ("eos_token", special.end, ByteLevelBPETokenizer.endText), ("unk_token", special.unknown, nil),
      ("pad_token", special.padding, nil),
    ]
    for (key, token, demanded) in roles {
      guard let token else { continue }
      if let demanded, token.text != demanded {
        throw .malformed(file, place: key, found: "\"\(token.text)\"", expected: "\"\(demanded)\"")
      }
      let number = tokens.vocabulary[token.text] ?? numbers[token.text]
      if numbers[token.text] == nil { try add(token, as: key, number: number, file: file) }
      if key == "pad_token", let number { tokens.padding = number }
    }
  }

  private mutating func add(
    _ token: TokenizerSettings.Token, as key: String, number: Int32?, file: String
  ) throws(Fault) {
    guard !token.text.isEmpty, let number else {
      throw .malformed(
        file, place: key, found: "\"\(token.text)\", which has no number", expected: "a token of the vocabulary")
    }
    tokens.add(AddedToken(token.text, numbers: [number], isNormalized: token.isNormalized))
  }
}
