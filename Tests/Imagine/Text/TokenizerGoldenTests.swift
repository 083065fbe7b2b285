import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupStrictJSON
import Testing

@Suite struct TokenizerGoldenTests {
  private enum Item: Decodable {
    case text(String)
    case numbers([Int32])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      self = try (try? .text(value.decode(String.self))) ?? .numbers(value.decode([Int32].self))
    }
  }

  /// Texts of many scripts have the numbers of the fast CLIP tokenizer of transformers.
  @Test func numbersAreThoseOfTheFastTokenizer() throws {
    let goldens = try TextFixtures.decoded([[Item]].self, "token-goldens.json")
    #expect(goldens.count > 700)
    for golden in goldens {
      guard case .text(let text) = golden[0], case .numbers(let numbers) = golden[1] else {
        Issue.record("a golden is a text and its numbers")
        continue
      }
      #expect(TextFixtures.clip.encode(text) == numbers, "\(text.prefix(200).debugDescription)")
    }
  }

  @Test func theVocabularyHasItsKnownPlaces() {
    let clip = TextFixtures.clip
    #expect(clip.vocabulary.count == 49408)
    #expect(clip.start == 49406 && clip.end == 49407)
    #expect(clip.encode("xyzzyqwv") == [20023, 21275, 80, 14743])
  }

  /// j with a caron is one letter or two in Unicode; only the small one has a form of its own. The two forms are equal as
  /// strings but have different bytes, and both occur in one text here.
  @Test func equivalentPiecesKeepTheirOwnNumbers() {
    let clip = TextFixtures.clip
    let (small, capital) = ("\u{1f0}", "J\u{30c}")
    #expect(clip.encode(small) != clip.encode(capital))
    #expect(clip.encode("\(small) \(capital)") == clip.encode(small) + clip.encode(capital))
  }

  @Test func addedTokensComeBeforeEverythingElseTheLongestFirst() {
    var clip = TextFixtures.clip
    clip.add(AddedToken("<Cat>", numbers: [50_000, 50_001], isNormalized: true))
    clip.add(AddedToken("<Cat>_1", numbers: [50_001], isNormalized: true))
    clip.add(AddedToken("SKS", numbers: [50_002], isNormalized: false))
    let a = clip.encode("a")
    #expect(clip.encode("a<cat>a") == a + [50_000, 50_001] + a)
    #expect(clip.encode("<CAT>_1 A") == [50_001] + a)
    #expect(clip.encode("aSKSa") == a + [50_002] + a)
    #expect(!clip.encode("sks").contains(50_002))
    #expect(clip.decode(clip.encode("a <cat>_1 SKS a")) == "a <Cat>_1 SKS a")
  }
}
