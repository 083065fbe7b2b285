import Foundation
import LineupRunRecords

/// The few forms of Markdown that an experiment's notes are written in: headings, paragraphs, lists, emphasis, code.
/// Anything else stays as it is written. Links keep their words only, for a report stands alone.
enum Markdown {
  /// - Parameter headingOffset: how far headings go down; those of the first level are left out.
  static func html(_ text: String, headingOffset: Int = 2) -> HTML {
    var result = HTML.empty
    var lines: [String] = []
    func flush() {
      result += block(lines, headingOffset: headingOffset)
      lines = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let isHeading = line.hasPrefix("#")
      if line.allSatisfy(\.isWhitespace) || isHeading { flush() }
      if isHeading {
        lines = [line]
        flush()
      } else if !line.allSatisfy(\.isWhitespace) {
        lines.append(line)
      }
    }
    flush()
    return result
  }

  /// A heading, a list or a paragraph.
  private static func block(_ lines: [String], headingOffset: Int) -> HTML {
    guard let first = lines.first else { return .empty }
    if first.hasPrefix("#") {
      let level = first.prefix { $0 == "#" }.count
      // The page has a title of its own.
      guard level > 1 else { return .empty }
      let words = first.dropFirst(level).trimmingCharacters(in: .whitespaces)
      return .element("h\(min(6, level + headingOffset - 1))", [:], inline(words))
    }
    guard let marker = marker(first) else { return .element("p", [:], inline(lines.joined(separator: "\n"))) }
    var items: [String] = []
    for line in lines {
      if let found = self.marker(line) {
        items.append(String(line.dropFirst(found.length)))
      } else {
        items[items.count - 1] += "\n" + line.trimmingCharacters(in: .whitespaces)
      }
    }
    let list = HTML.joined(items.map { .element("li", [:], inline($0)) })
    guard marker.isNumber else { return .element("ul", [:], list) }
    let number = first.drop { $0 == " " }.prefix { $0.isNumber }
    return .element("ol", number == "1" ? [:] : ["start": String(number)], list)
  }

  /// `- ` or `1. ` at the start of a line.
  private static func marker(_ line: String) -> (isNumber: Bool, length: Int)? {
    let indent = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(indent)
    if rest.hasPrefix("- ") || rest.hasPrefix("* ") { return (false, indent + 2) }
    let digits = rest.prefix(while: \.isNumber)
    guard !digits.isEmpty, rest.dropFirst(digits.count).hasPrefix(". ") else { return nil }
    return (true, indent + digits.count + 2)
  }

  /// Code, strong words, emphasis and links within a line.
  private static func inline(_ text: String) -> HTML {
    var result = HTML.empty
    var rest = Substring(text)
    while let start = rest.firstIndex(where: { "`*[_".contains($0) }) {
      result += .text(String(rest[..<start]))
      rest = rest[start...]
      if let (piece, after) = span(rest) {
        result += piece
        rest = after
      } else {
        result += .text(String(rest.removeFirst()))
      }
    }
    return result + .text(String(rest))
  }

  private static func span(_ text: Substring) -> (HTML, Substring)? {
    for (mark, name) in [("`", "code"), ("**", "strong"), ("*", "em")] where text.hasPrefix(mark) {
      let body = text.dropFirst(mark.count)
      guard let end = body.range(of: mark), !body[..<end.lowerBound].isEmpty else { continue }
      let inner = String(body[..<end.lowerBound])
      return (.element(name, [:], name == "code" ? .text(inner) : inline(inner)), body[end.upperBound...])
    }
    if text.hasPrefix("["), let middle = text.range(of: "]("), let end = text[middle.upperBound...].firstIndex(of: ")")
    {
      return (
        inline(String(text[text.index(after: text.startIndex)..<middle.lowerBound])), text[text.index(after: end)...]
      )
    }
    return nil
  }
}
