import LineupSupport
import LineupTestSupport
import Testing

@Suite struct ControlCharactersTests {
  @Test(arguments: HostileText.steering) func theyAreFoundAndEscaped(_ text: String) throws {
    #expect(text.firstControl != nil)
    let shown = text.escapingControls()
    #expect(shown.firstControl == nil)
    #expect(shown.hasPrefix(text.prefix { !$0.unicodeScalars.contains(where: \.isControl) }))
  }

  @Test func escapesNameTheCharacterAndKeepLinesWhereAsked() {
    #expect("a\u{1B}[0m\nb\tc\r".escapingControls(keepingLines: true) == "a\\u001B[0m\nb\tc\\u000D")
    #expect("a\nb".escapingControls() == "a\\u000Ab")
    #expect(Unicode.Scalar(0x202E)!.codePoint == "U+202E")
  }

  @Test func ordinaryTextStaysAsItIs() {
    for text in HostileText.printable {
      #expect(text.firstControl == nil, "\(text)")
      #expect(text.escapingControls() == text)
    }
  }

  /// An accent makes one character of itself and what stands before it, and hides that from a look at characters.
  @Test func accentsHideNothing() {
    #expect(
      "\"\u{301}'\u{301}".replacing(scalar: "'", with: "Q").unicodeScalars.elementsEqual(
        "\"\u{301}Q\u{301}".unicodeScalars))
  }
}
