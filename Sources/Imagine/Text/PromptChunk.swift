/// Tokens of a prompt, and what they weigh, that are encoded together, without marks and padding.
package struct PromptChunk: Sendable {
  package var tokens: ArraySlice<Int32> = []
  package var weights: ArraySlice<Double> = []

  /// How far behind a comma a chunk may be full for what follows the comma to move into the next one.
  private static let reach = 20

  /// The chunks of a long prompt, of at most `length` tokens each, as AUTOMATIC1111's program cuts it: where a phrase would
  /// be torn apart, all of it after the last `comma` moves on, if that comma is one of the chunk's last 20 tokens.
  package static func split(_ tokens: [Int32], _ weights: [Double], length: Int, comma: Int32?) -> [PromptChunk] {
    var chunks: [PromptChunk] = []
    var begin = 0
    repeat {
      var end = min(begin + length, tokens.count)
      // A comma right behind the chunk ends its last phrase, which then is whole.
      if let comma, end < tokens.count, tokens[end] != comma,
        let last = tokens[max(begin, end - reach)..<end].lastIndex(of: comma)
      {
        end = last + 1
      }
      chunks.append(PromptChunk(tokens: tokens[begin..<end], weights: weights[begin..<end]))
      begin = end
    } while begin < tokens.count
    return chunks
  }
}
