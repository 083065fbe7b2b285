import LineupNetworks
import LineupStrictJSON
import LineupSupport

/// The parts of a `tokenizer.json` that matter to CLIP's tokenizer, whose rules are fixed otherwise.
struct TokenizerJSON: Decodable {
  struct Model: Decodable {
    var vocabulary: [String: Int32]
    var merges: [ByteLevelBPETokenizer.Merge]

    private enum CodingKeys: String, CodingKey {
      case type, merges
      case vocabulary = "vocab"
      case wordEnd = "end_of_word_suffix"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      for (key, value) in [(CodingKeys.type, "BPE"), (.wordEnd, "</w>")]
      where try fields.decodeIfPresent(String.self, forKey: key) ?? value != value {
        throw DecodingError.dataCorruptedError(forKey: key, in: fields, debugDescription: "\"\(value)\"")
      }
      vocabulary = try fields.decode([String: Int32].self, forKey: .vocabulary)
      // Pairs as lists, or, in older files, as one text with a space.
      let pairs =
        try (try? fields.decode([[String]].self, forKey: .merges))
        ?? fields.decode([String].self, forKey: .merges).map { $0.split(separator: " ").map(String.init) }
      guard pairs.allSatisfy({ $0.count == 2 }) else {
        throw DecodingError.dataCorruptedError(
          forKey: .merges, in: fields, debugDescription: "two tokens in each merge")
      }
      merges = pairs.map { .init($0[0], $0[1]) }
    }
  }

  var model: Model
  var addedTokens: [TokenizerSettings.Token]?

  private enum CodingKeys: String, CodingKey {
    case model
    case addedTokens = "added_tokens"
  }
}

/// The content of a JSON file.
func decodedTokenizerFile<Content: Decodable>(_ type: Content.Type, _ path: String) throws(Fault) -> Content {
  try JSONDocument(reading: try WholeFile.read(path), source: path).decoded()
}
