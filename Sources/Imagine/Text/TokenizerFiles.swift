import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupStrictJSON
import LineupSupport

/// What `tokenizer_config.json` and `special_tokens_map.json` say.
struct TokenizerSettings: Decodable {
  /// A token with what it is looked for by; a file may also give its text alone.
  struct Token: Decodable {
    var text: String
    var isNormalized = false
    var number: Int32?

    private enum CodingKeys: String, CodingKey {
      case content, normalized, special, lstrip, rstrip, id
      case singleWord = "single_word"
    }

    init(text: String, isNormalized: Bool, number: Int32) {
      (self.text, self.isNormalized, self.number) = (text, isNormalized, number)
    }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self.text = text
        return
      }
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      text = try fields.decode(String.self, forKey: .content)
      let isSpecial = try fields.decodeIfPresent(Bool.self, forKey: .special) ?? true
      isNormalized = try fields.decodeIfPresent(Bool.self, forKey: .normalized) ?? !isSpecial
      number = try fields.decodeIfPresent(Int32.self, forKey: .id)
      for key in [CodingKeys.lstrip, .rstrip, .singleWord]
      where try fields.decodeIfPresent(Bool.self, forKey: key) == true {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: fields, debugDescription: "false, the only value that is supported")
      }
    }
  }

  var maximumLength: Double?
  var start: Token?
  var end: Token?
  var unknown: Token?
  var padding: Token?
  /// Added tokens by their numbers.
  var addedTokens: [String: Token]?

  /// Takes over what another file says of the tokens with a role.
  mutating func override(with other: TokenizerSettings) {
    start = other.start ?? start
    end = other.end ?? end
    unknown = other.unknown ?? unknown
    padding = other.padding ?? padding
  }

  private enum CodingKeys: String, CodingKey {
    case maximumLength = "model_max_length"
    case start = "bos_token"
    case end = "eos_token"
    case unknown = "unk_token"
    case padding = "pad_token"
    case addedTokens = "added_tokens_decoder"
  }
}

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
