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
