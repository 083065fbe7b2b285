import LineupFamilies
import LineupFormats
import LineupKernels
import LineupNetworks
import LineupSupport
import LineupTensors

/// How a prompt is read.
package enum PromptStyle: String, Sendable, Hashable, CaseIterable {
  /// As diffusers does: every character as it stands, cut to what the text encoder sees at once.
  case plain
  /// With weights in brackets (``WeightedPrompt``), and of any length.
  case weighted
}

/// Turns prompts into what a U-Net attends to: a tokenizer and the text encoder behind it.
package struct TextConditioner: Sendable {
  package private(set) var tokenizer: PromptTokenizer
  package var encoder: CLIPTextModel
  /// How many tokens are encoded at once, both marks included.
  package let length: Int

  /// Throws where the tokenizer gives numbers that the encoder's table does not have.
  package init(tokenizer: PromptTokenizer, encoder: CLIPTextModel) throws(Fault) {
    let numbers = tokenizer.tokens.addedTokens.flatMap(\.numbers) + tokenizer.tokens.vocabulary.values
    let table = 0..<Int32(encoder.configuration.vocabulary)
    if let wrong = [numbers.min(), numbers.max()].compactMap(\.self).first(where: { !table.contains($0) }) {
      throw .malformed(
        "the tokenizer", place: "its vocabulary", found: "the number \(wrong)",
        expected: "numbers from 0 to \(table.upperBound - 1), the rows of the text encoder's table")
    }
    (self.tokenizer, self.encoder) = (tokenizer, encoder)
    let positions = encoder.configuration.contextLength
    length = min(tokenizer.maximumLength ?? positions, positions)
  }

  /// The hidden states `[1, tokens, width]` of a prompt and of a negative prompt, of one shape, with notes on what was
  /// left out. Plain prompts have `length` tokens; weighted ones a multiple of it.
  ///
  /// `skippingLast` layers are left out ("clip skip") for the prompt, `ofNegative` for the negative prompt.
  package func embeddings(
    prompt: String, negative: String = "", style: PromptStyle = .plain, skippingLast: Int = 0, ofNegative: Int = 0
  ) -> (prompt: Tensor, negative: Tensor, notes: [String]) {
    var notes: [String] = []
    var chunks: [[PromptChunk]]
    switch style {
    case .plain: chunks = [plain(prompt, called: "prompt", &notes), plain(negative, called: "negative prompt", &notes)]
    case .weighted: chunks = [weighted(prompt), weighted(negative)]
    }
    let count = chunks.map(\.count).max()!
    for index in chunks.indices {
      chunks[index] += [PromptChunk](repeating: PromptChunk(), count: count - chunks[index].count)
    }
    return (encoded(chunks[0], skippingLast: skippingLast), encoded(chunks[1], skippingLast: ofNegative), notes)
  }

  /// Adds a word; its first vector's name in a prompt stands for all its vectors in order, as `load_textual_inversion` of
  /// diffusers has it.
  package mutating func add(_ inversion: TextualInversion) throws(TextualInversionError) {
    let (count, width) = (inversion.vectors.shape[0], encoder.configuration.width)
    guard inversion.vectors.shape[1] == width else {
      throw .wrongWidth(token: inversion.token, found: inversion.vectors.shape[1], expected: width)
    }
    for word in inversion.words
    where tokenizer.tokens.vocabulary[word] != nil || tokenizer.tokens.addedTokens.contains(where: { $0.text == word })
    {
      throw .tokenExists(word)
    }
    let numbers = (0..<count).map { Int32(encoder.configuration.vocabulary + $0) }
    for (index, word) in inversion.words.enumerated() {
      let own = index == 0 ? numbers : [numbers[index]]
      tokenizer.tokens.add(AddedToken(word, numbers: own, isNormalized: true))
    }
    encoder.append(tokens: inversion.vectors)
  }

  private func plain(_ text: String, called name: String, _ notes: inout [String]) -> [PromptChunk] {
    let tokens = tokenizer.tokens.encode(text)
    if tokens.count > length - 2 {
      let rest = tokenizer.tokens.decode(tokens.dropFirst(length - 2))
      notes.append(
        "the \(name) has \(tokens.count) tokens, of which \(length - 2) are read; this was left out: \"\(rest)\"")
    }
    return [PromptChunk(tokens: tokens.prefix(length - 2), weights: [])]
  }

  private func weighted(_ text: String) -> [PromptChunk] {
    var tokens: [Int32] = []
    var weights: [Double] = []
    for part in WeightedPrompt(parsing: text).parts {
      tokens += tokenizer.tokens.encode(part.text)
      weights += [Double](repeating: part.weight, count: tokens.count - weights.count)
    }
    return PromptChunk.split(
      tokens, weights, length: length - 2, comma: tokenizer.tokens.vocabulary["," + ByteLevelBPETokenizer.wordEnd])
  }

  /// The chunks' hidden states one after another. In each chunk by itself, rows of tokens with weights are multiplied by
  /// them, and then the whole chunk is scaled so that its mean stays what it was.
  private func encoded(_ chunks: [PromptChunk], skippingLast: Int) -> Tensor {
    let numbers = chunks.map { tokenizer.tokens.padded($0.tokens, length: length) }
    let hidden = encoder(numbers, skippingLast: skippingLast)
    let weighed = chunks.enumerated().map { index, chunk in
      let own = hidden.sliced(0, index..<index + 1)
      guard chunk.weights.contains(where: { $0 != 1 }) else { return own }
      let weights = [1] + chunk.weights.map { Float($0) } + .init(repeating: 1, count: length - 1 - chunk.weights.count)
      let weighed = own * Tensor(weights, shape: [1, length, 1])
      let scale = Self.sum(own) / Self.sum(weighed)
      return scale.isFinite ? weighed.scaled(by: Float(scale)) : weighed
    }
    return concatenated(weighed, along: 1)
  }

  private static func sum(_ tensor: Tensor) -> Double {
    tensor.withValues { $0.reduce(0) { $0 + Double($1) } }
  }
}
