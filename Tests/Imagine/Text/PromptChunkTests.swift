import LineupImagine
import Testing

@Suite struct PromptChunkTests {
  private static let comma: Int32 = 7

  /// The lengths of the chunks of a prompt of `count` tokens with commas at some places.
  private func lengths(_ count: Int, commas: [Int]) -> [Int] {
    let tokens = (0..<count).map { commas.contains($0) ? Self.comma : 1 }
    let chunks = PromptChunk.split(tokens, .init(repeating: 1, count: count), length: 75, comma: Self.comma)
    #expect(chunks.flatMap(\.tokens) == tokens && chunks.allSatisfy { $0.tokens.count == $0.weights.count })
    return chunks.map(\.tokens.count)
  }

  @Test func whatFollowsACommaMovesOn() {
    #expect(lengths(0, commas: []) == [0])
    #expect(lengths(75, commas: [60]) == [75])
    #expect(lengths(76, commas: []) == [75, 1])
    #expect(lengths(80, commas: [60, 70]) == [71, 9])
    // The comma is the 20th token from the end, or the 21st.
    #expect(lengths(80, commas: [55]) == [56, 24])
    #expect(lengths(80, commas: [54]) == [75, 5])
    // A phrase that ends with the chunk, or right behind it, is whole.
    #expect(lengths(80, commas: [60, 74]) == [75, 5])
    #expect(lengths(80, commas: [60, 75]) == [75, 5])
    // The moved tokens count in their new chunk.
    #expect(lengths(150, commas: [70]) == [71, 75, 4])
    #expect(lengths(160, commas: [70, 130]) == [71, 60, 29])
  }
}
