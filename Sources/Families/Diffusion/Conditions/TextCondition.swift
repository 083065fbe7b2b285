import LineupLearning
import LineupNetworks
import LineupTensors

extension Condition {
  /// A caption, read by a tokenizer that is learned from the training images' own and by an encoder shaped as CLIP's.
  package static let text = Condition(
    "text", .text,
    problems: { options, facts in
      let text = options.text
      var problems = SettingProblem.divisor(text.heads, "heads", of: [text.width], at: ["text"])
      if facts.hasCaptions == false {
        problems.append(
          SettingProblem(
            ["condition"], found: "\(facts.name), whose images have no captions", expected: "data with captions"))
      }
      return problems
    },
    parts: { options, data, random in
      let text = options.text
      var stream = random.split("text")
      let encoder = CLIPTextModel(
        CLIPTextModel.Configuration(
          vocabulary: text.vocabulary, contextLength: text.contextLength, width: text.width, layers: text.layers,
          heads: text.heads), random: &stream)
      let reader = CaptionReader(captions: data.captions, vocabulary: text.vocabulary, length: text.contextLength)
      return Parts(reader: reader, encoder: encoder)
    })
}

/// A tokenizer learned from captions.
package struct CaptionReader: ConditionReader {
  var reader: CaptionTokenizer
  let length: Int

  init(captions: [String], vocabulary: Int, length: Int) {
    reader = CaptionTokenizer(captions: captions, vocabularySize: vocabulary)
    self.length = length
  }

  /// The tokenizer as the text encoder's files hold it.
  package var tokenizer: ByteLevelBPETokenizer { reader.tokenizer }

  /// A caption as the text encoder reads it.
  package func tokens(of caption: String) -> [Int32] { tokenizer.encode(caption, length: length) }

  package var empty: [Int32] { tokens(of: "") }

  package func tokens(captions: [String], labels: [Int32], count: Int) -> [[Int32]] {
    (0..<count).map { captions.isEmpty ? empty : tokens(of: captions[$0]) }
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("tokenizer", &reader) }
}

extension CLIPTextModel: ContextEncoder {
  package func context(of tokens: [[Int32]]) -> Tensor { self(tokens) }
}
