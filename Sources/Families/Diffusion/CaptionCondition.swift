import LineupNetworks
import LineupTensors

/// Captions as a model's condition: a tokenizer learned from them, and how often training leaves them out.
package struct CaptionCondition: Module {
  var reader: CaptionTokenizer
  let length: Int
  let dropout: Double

  init(captions: [String], vocabulary: Int, length: Int, dropout: Double) {
    reader = CaptionTokenizer(captions: captions, vocabularySize: vocabulary)
    (self.length, self.dropout) = (length, dropout)
  }

  /// The tokenizer as the text encoder's files hold it.
  package var tokenizer: ByteLevelBPETokenizer { reader.tokenizer }

  /// A caption as the text encoder reads it.
  package func tokens(of caption: String) -> [Int32] { tokenizer.encode(caption, length: length) }

  /// The token numbers of each caption, or of the empty one in its place with the probability of dropping.
  func dropped(_ captions: [String], count: Int, random: RandomStream) -> [[Int32]] {
    var stream = random
    return (0..<count).map { index in
      let isDropped = Double(stream.uniform()) < dropout
      return tokens(of: isDropped || captions.isEmpty ? "" : captions[index])
    }
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("tokenizer", &reader) }
}
