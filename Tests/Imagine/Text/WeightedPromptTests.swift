import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupStrictJSON
import Testing

@Suite struct WeightedPromptTests {
  private struct Golden: Decodable {
    var prompt: String
    var parts: [WeightedPrompt.Part]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      prompt = try list.decode(String.self)
      var entries = try list.nestedUnkeyedContainer()
      parts = []
      while !entries.isAtEnd {
        var entry = try entries.nestedUnkeyedContainer()
        parts.append(.init(try entry.decode(String.self), try entry.decode(Double.self)))
      }
    }
  }

  @Test func partsAndWeightsAreThoseOfAnotherReader() throws {
    for golden in try TextFixtures.decoded([Golden].self, "weights-goldens.json") {
      #expect(WeightedPrompt(parsing: golden.prompt).parts == golden.parts, "\(golden.prompt)")
    }
  }

  /// The example in the documentation of the web interface whose grammar it is.
  @Test func theKnownExample() {
    let prompt = WeightedPrompt(parsing: "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).")
    #expect(prompt.parts.map(\.text) == ["a ", "house", " ", "on", " a ", "hill", ", sun, ", "sky", "."])
    let weights = [1, 1.573, 1.1, 1, 1.1, 0.55, 1.1, 1.4641, 1.1]
    for (part, weight) in zip(prompt.parts, weights) { #expect(abs(part.weight - weight) < 1e-12) }
  }
}
