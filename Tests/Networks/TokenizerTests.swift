import Foundation
import LineupFormats
import LineupNetworks
import LineupSupport
import Testing

@Suite struct TokenizerTests {
  typealias Tokenizer = ByteLevelBPETokenizer

  private struct Golden: Decodable {
    var merges: [String]
    var texts: [String]
    var tokens: [[Int32]]
  }

  private func golden() throws -> (tokenizer: Tokenizer, golden: Golden) {
    let data = try Data(contentsOf: URL(fileURLWithPath: NetworkFixtures.path("tokenizer-golden.json")))
    let golden = try JSONDecoder().decode(Golden.self, from: data)
    return (Tokenizer(merges: try Tokenizer.merges(in: golden.merges.joined(separator: "\n"))), golden)
  }

  @Test func numbersAgreeWithTheFastTokenizer() throws {
    let (tokenizer, golden) = try golden()
    for (text, tokens) in zip(golden.texts, golden.tokens) {
      #expect(tokenizer.encode(text) == tokens, "\(text)")
    }
  }

  /// The fixed places in CLIP's vocabulary.
  @Test func theOrderOfTheVocabularyIsCLIPs() {
    let tokenizer = Tokenizer(merges: [.init("i", "n")])
    #expect(tokenizer.vocabulary["!"] == 0)
    #expect(tokenizer.vocabulary["!</w>"] == 256)
    #expect(tokenizer.vocabulary["a</w>"] == 320)
    #expect(tokenizer.vocabulary["in"] == 512)
    #expect(tokenizer.start == 513 && tokenizer.end == 514)
  }

  @Test func textIsCutIntoLettersSingleDigitsContractionsAndTheRest() {
    #expect(
      Tokenizer.pieces(of: "It's 3:45PM,  isn't it?!") == [
        "it", "'s", "3", ":", "4", "5", "pm", ",", "isn", "'t", "it", "?!",
      ])
    #expect(Tokenizer.pieces(of: "高清 8k") == ["高清", "8", "k"])
    #expect(Tokenizer.pieces(of: " \t\n") == [])
    // Composed and decomposed letters are the same text.
    #expect(Tokenizer.pieces(of: "cafe\u{301}") == Tokenizer.pieces(of: "caf\u{e9}"))
  }

  /// The lowest-ranked pair goes first, everywhere from left to right.
  @Test func joinsFollowTheirRanks() {
    let tokenizer = Tokenizer(merges: [.init("b", "c"), .init("a", "b"), .init("a", "a")])
    func tokens(_ text: String) -> [String] {
      tokenizer.encode(text).map { number in tokenizer.vocabulary.first { $0.value == number }!.key }
    }
    #expect(tokens("abcd") == ["a", "bc", "d</w>"])
    #expect(tokens("aaaaab") == ["aa", "aa", "a", "b</w>"])
  }

  @Test func encodedTextHasMarksAPaddingAndNoMoreThanItsLength() {
    let tokenizer = Tokenizer.learned(from: ["a boot", "a boot"], vocabularySize: 600)
    let boot = tokenizer.encode("boot")
    #expect(
      tokenizer.encode("boot", length: 5) == [tokenizer.start] + boot + [tokenizer.end, tokenizer.end, tokenizer.end])
    let long = tokenizer.encode("boot boot boot boot boot", length: 4)
    #expect(long == [tokenizer.start] + boot + boot + [tokenizer.end])
    #expect(tokenizer.encode("", length: 3) == [tokenizer.start, tokenizer.end, tokenizer.end])
    let zeroPadded = Tokenizer(merges: [], padding: 0)
    #expect(zeroPadded.encode("", length: 4) == [zeroPadded.start, zeroPadded.end, 0, 0])
  }

  @Test(arguments: ["an ankle boot", "naïve café ☕", "привет мир", "高清", "नमस्ते", "שלום 🙂"])
  func anyScriptComesBack(text: String) {
    let tokenizer = Tokenizer.learned(from: ["an ankle boot", "a boot"], vocabularySize: 520)
    #expect(Tokenizer.pieces(of: tokenizer.decode(tokenizer.encode(text))) == Tokenizer.pieces(of: text))
  }

  /// Frequent words become single tokens, whatever the order of the captions.
  @Test func learningIsDeterministicAndFindsTheWords() {
    let captions = [String](repeating: "an ankle boot", count: 5) + [String](repeating: "a t-shirt", count: 3)
    let tokenizer = Tokenizer.learned(from: captions, vocabularySize: 1024)
    #expect(tokenizer.merges == Tokenizer.learned(from: captions.reversed(), vocabularySize: 1024).merges)
    #expect(tokenizer.encode("an ankle boot").count == 3)
    #expect(Tokenizer.learned(from: captions, vocabularySize: 516).merges.count == 2)
    #expect(Tokenizer.learned(from: [], vocabularySize: 514).vocabulary.count == 514)
  }

  @Test func filesRestoreATokenizer() throws {
    let tokenizer = Tokenizer.learned(from: ["é\"\\ boot", "é\"\\ boot"], vocabularySize: 530)
    let restored = try Tokenizer(vocabularyJSON: tokenizer.vocabularyJSON, mergesText: tokenizer.mergesText)
    #expect(restored.merges == tokenizer.merges && restored.vocabulary == tokenizer.vocabulary)
  }

  @Test func wrongFilesAreNamedWithTheLine() {
    #expect(throws: Fault.self) { try Tokenizer(vocabularyJSON: "[]", mergesText: "") }
    #expect(throws: Fault.self) { try Tokenizer(vocabularyJSON: "{\"a\": 1}", mergesText: "") }
    #expect(
      throws: Fault.malformed(
        "merges.txt", place: "line 3", found: "\"a b c\"", expected: "two tokens and a space")
    ) { try Tokenizer.merges(in: "#version: 0.2\na b\na b c\n") }
  }
}
