import Foundation
import LineupReports
import Testing

/// What becomes of an experiment's notes in the report.
@Suite struct MarkdownTests {
  @Test func tablesAreTables() {
    let markup = Markdown.html(
      """
      | arm | distance |
      | --- | ---: |
      | GAN, **plain** | 2.6 |
      """)
    #expect(markup.contains("<div class=\"scroll\" tabindex=\"0\">"))
    #expect(markup.contains("<th>arm</th>"))
    #expect(markup.contains("<td>GAN, <strong>plain</strong></td>"))
    #expect(markup.contains("<td style=\"text-align: right\">2.6</td>"))
    #expect(!markup.contains("|"))
    #expect(!markup.contains("---"))
  }

  @Test func listsNestAndKeepTheirNumbers() {
    let markup = Markdown.html(
      """
      9. nine
         - inner,
           wrapped
      10. ten
      """)
    let line = markup.replacing("\n", with: "")
    #expect(line == "<ol start=\"9\"><li>nine<ul><li>inner,wrapped</li></ul></li><li>ten</li></ol>")
  }

  @Test func codeStaysAsItIs() {
    #expect(Markdown.html("Run `a < b && *c*`.") == "<p>Run <code>a &lt; b &amp;&amp; *c*</code>.</p>\n")
    #expect(Markdown.html("```\nx | y\n```") == "<pre><code>x | y\n</code></pre>\n")
  }

  /// The page's own title is of the first level, its sections of the second.
  @Test(arguments: [(2, 3), (3, 4), (6, 6)])
  func headingsGoBelowTheSection(level: Int, shown: Int) {
    let heading = String(repeating: "#", count: level) + " A *heading*"
    #expect(Markdown.html(heading) == "<h\(shown)>A <em>heading</em></h\(shown)>\n")
  }

  @Test func theTitleIsLeftOut() {
    #expect(Markdown.html("# Title with [link](https://example.org)\n\nText") == "<p>Text</p>\n")
    #expect(Markdown.html("Title\n=====\n\nText") == "<p>Text</p>\n")
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "Words <script>alert(1)</script> words", "<div onclick=\"alert(1)\">\nwords\n</div>",
    "| a |\n| - |\n| <img src=x onerror=alert(1)> |", "<!-- --><style>p{}</style>",
  ])
  func markupIsShownAsText(_ text: String) {
    let markup = Markdown.html(text)
    for element in ["script", "div onclick", "img", "style", "!--"] {
      #expect(!markup.contains("<\(element)"))
    }
    #expect(markup.contains("&lt;"))
  }

  @Test(arguments: [
    "javascript:alert(1)", "JavaScript:alert(1)", "vbscript:x", "file:///etc/passwd", "data:text/html,x",
    "gan-vs-diffusion.json", "../results/report.html", "//example.org/x",
  ])
  func linksElsewhereKeepOnlyTheirWords(_ target: String) {
    #expect(Markdown.html("See [the *words*](\(target)).") == "<p>See the <em>words</em>.</p>\n")
  }

  @Test func linksToTheWebStay() {
    let expected = "<p><a href=\"https://example.org/?a=1&amp;b=%22\">words</a></p>\n"
    #expect(Markdown.html("[words](https://example.org/?a=1&b=\")") == expected)
  }

  /// A picture from the network would make the page depend on it.
  @Test func picturesBecomeTheirWords() {
    let text = "![A *cat*](https://example.org/cat.png) [![inner](x.png)](https://example.org)"
    #expect(Markdown.html(text) == "<p>A <em>cat</em> <a href=\"https://example.org\">inner</a></p>\n")
  }

  @Test func bytesThatAreNoTextDoNoHarm() {
    #expect(Markdown.html("") == "")
    #expect(Markdown.html("a\u{0}b") == "<p>a\u{FFFD}b</p>\n")
  }
}
