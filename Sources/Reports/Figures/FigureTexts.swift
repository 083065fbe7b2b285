import LineupSupport

/// The texts of a figure: axes, titles of the legend. gnuplot reads them from a file of their own, a line each, into
/// variables that the script names, so that no text is ever part of a script.
///
/// In its data files gnuplot takes quotes and backslashes as its own, so these and the per cent sign stand there as in web
/// addresses.
package struct FigureTexts: Sendable {
  private var texts: [String] = []

  package init() {}

  /// Takes up a text; what a script calls it.
  package mutating func name(_ text: String) -> String {
    texts.append(text)
    // gnuplot takes a text for what it is only where an expression begins as one.
    return "''.text(\(texts.count))"
  }

  /// The lines of a script that read the texts.
  func reading(from file: String) -> [String] {
    guard !texts.isEmpty else { return [] }
    return [
      "percent(s) = strstrt(s, '%')", "code(s) = s[percent(s) + 1:percent(s) + 2]",
      #"sign(s) = code(s) eq '22' ? '"' : code(s) eq '5C' ? '\' : '%'"#,
      "plain(s) = percent(s) == 0 ? s : s[1:percent(s) - 1].sign(s).plain(s[percent(s) + 3:*])",
      "array texts[\(texts.count)]", #"set datafile separator "\n""#, "set datafile commentschars ''",
      "stats '\(file)' using (texts[int($0) + 1] = strcol(1), 0) nooutput", "set datafile commentschars",
      "text(n) = plain(texts[n][2:*])",
    ]
  }

  /// The file: each line begins with a bar, so that none is empty, a number or a comment.
  var file: String {
    texts.map { text in
      "|"
        + Self.shortened(text.escapingControls()).replacingScalars { scalar in
          switch scalar {
          case "%": "%25"
          case "\"": "%22"
          case "\\": "%5C"
          default: nil
          }
        } + "\n"
    }.joined()
  }

  /// As much as a figure has room for; gnuplot cuts very long lines by itself, anywhere.
  private static func shortened(_ text: String) -> String {
    let limit = 100
    let scalars = text.unicodeScalars
    return scalars.count <= limit ? text : String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
  }
}
