/// Texts that some interpreter would take for more than text.
package enum HostileText {
  /// Such as may stand in a specification: about two hundred.
  package static let printable: [String] = {
    let payloads = [
      "$(touch PWNED)", "`touch PWNED`", "'; system 'touch PWNED'; '", "\"; system \"touch PWNED\"; \"", "@x", "_{sub}",
      "^{super}", "{/Bold x}", "%s%n %d %%", "\\n\\t\\101", "\\\\", "\\", "'", "''", "\"", "\"\"", "#", "# comment",
      "|",
      "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "</td></table>", "&lt;",
      "&amp;", "&", "<!--", "]]>", "javascript:alert(1)", "[a](javascript:alert(1))", "**bold**", "| a | b |", "$x^2$",
      "\\input{/etc/passwd}", "\\write18{touch PWNED}", "a_b & c % d # e ~ f ^ g { h }", "%25%22%5C", "=cmd()", "-rf",
      "--help", "../../etc/passwd", "/", "~", "*", "?", "a,b", "a;b", "über 漢字", "\u{1F600}", "e\u{301}", "\"\u{301}",
      "'\u{301}", "<\u{338}b", "&\u{301}", "%\u{301}", "\\\u{301}", "\u{FF1C}script\u{FF1E}", "\u{2019}", "а", "12.5",
      "nan",
      "1e999", "using 1:2", "title 'x'", "DATA",
    ]
    return payloads + payloads.map { "x\($0)" } + payloads.map { "\($0) y" }
      + payloads.map { String(repeating: $0, count: 40) }.prefix(12)
  }()

  /// Such as steer a terminal or end a line, which are refused.
  package static let steering: [String] = [
    "\n", "\r", "\t", "\u{0}", "\u{7}", "\u{8}", "\u{1B}[31mred", "\u{1B}]0;title\u{7}", "\u{7F}", "\u{85}",
    "\u{9B}31m",
    "\u{2028}", "\u{2029}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{200F}", "\u{61C}", "x\nsystem \"touch PWNED\"\n#",
  ]
}
