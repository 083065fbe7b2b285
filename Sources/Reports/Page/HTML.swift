import LineupSupport

/// A piece of a page. Plain text gets into it only through ``text(_:)``, which escapes it, and elements are closed where
/// they are opened, so a page made of such pieces is well-formed.
struct HTML: ExpressibleByStringLiteral {
  private(set) var source: String

  private init(source: String) { self.source = source }

  /// A literal is text, not markup.
  init(stringLiteral text: String) { self = .text(text) }

  static let empty = HTML(source: "")

  static func text(_ text: String) -> HTML { HTML(source: escaped(text)) }

  /// Markup that is well-formed already.
  static func raw(_ source: String) -> HTML { HTML(source: source) }

  /// An element with its content. Attribute values are escaped.
  static func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: HTML...) -> HTML {
    HTML(
      source: "<\(name)\(list(attributes))>" + content.map(\.source).joined() + "</\(name)>"
        + (blocks.contains(name) ? "\n" : ""))
  }

  /// An element that has no content and no end tag.
  static func void(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) -> HTML {
    HTML(source: "<\(name)\(list(attributes))>")
  }

  static func joined(_ pieces: [HTML]) -> HTML { HTML(source: pieces.map(\.source).joined()) }

  static func + (left: HTML, right: HTML) -> HTML { HTML(source: left.source + right.source) }
  static func += (left: inout HTML, right: HTML) { left = left + right }

  var isEmpty: Bool { source.isEmpty }

  private static let blocks: Set<String> = [
    "p", "div", "section", "figure", "table", "tr", "h1", "h2", "h3", "ul", "ol", "li", "details", "dl", "thead",
    "tbody",
    "nav", "header", "footer", "figcaption", "summary", "style", "title", "head", "body", "blockquote",
  ]

  private static func list(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  static func escaped(_ text: String) -> String {
    text.replacingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: nil
      }
    }
  }
}

/// A table in a box of its own that scrolls sideways where it is too wide; its first column stays in view.
struct HTMLTable {
  struct Cell {
    var content: HTML
    var isNumber = true
    var hint = ""

    static func text(_ text: String) -> Cell { Cell(content: .text(text), isNumber: false) }
    static func number(_ text: String, hint: String = "") -> Cell { Cell(content: .text(text), hint: hint) }
  }

  var heads: [Cell]
  var rows: [(cells: [Cell], style: String)] = []

  init(_ heads: [Cell]) { self.heads = heads }

  mutating func add(_ cells: [Cell], style: String = "") { rows.append((cells, style)) }

  var html: HTML {
    let head = heads.enumerated().map { cell($1, "th", isFirst: $0 == 0, scope: "col") }
    let body = rows.map { row in
      let cells = row.cells.enumerated().map { cell($1, $0 == 0 ? "th" : "td", isFirst: $0 == 0, scope: "row") }
      return row.style.isEmpty
        ? HTML.element("tr", [:], .joined(cells)) : HTML.element("tr", ["class": row.style], .joined(cells))
    }
    return .element(
      "div", ["class": "scroll", "tabindex": "0"],
      .element(
        "table", [:], .element("thead", [:], .element("tr", [:], .joined(head))),
        .element("tbody", [:], .joined(body))))
  }

  private func cell(_ cell: Cell, _ name: String, isFirst: Bool, scope: String) -> HTML {
    let style = isFirst ? "first" : (cell.isNumber ? "number" : "words")
    if name == "th" { return .element(name, ["class": style, "scope": scope, "title": cell.hint], cell.content) }
    return cell.hint.isEmpty
      ? .element(name, ["class": style], cell.content)
      : .element(name, ["class": style, "title": cell.hint], cell.content)
  }
}
