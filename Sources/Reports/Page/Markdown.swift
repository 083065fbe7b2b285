import CLineupCMark
import Foundation

/// An experiment's notes as markup of the report.
///
/// The notes are GitHub's Markdown with tables, read by libcmark-gfm. They come from outside and the report stands alone,
/// so markup written in them is shown as text, pictures become their words, and links are kept only where they lead to the
/// web: paths are those of the notes' own folder, and other schemes may run something.
package enum Markdown {
  /// Well-formed markup. Headings of the first level are left out, for the page has a title of its own; the others go one
  /// level down, below the page's section.
  package static func html(_ text: String) -> String {
    guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return "" }
    defer { cmark_parser_free(parser) }
    cmark_parser_attach_syntax_extension(parser, tables.pointer)
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
    }
    guard let document = cmark_parser_finish(parser) else { return "" }
    defer { cmark_node_free(document) }
    for title in nodes(of: document) where headingLevel(title) == 1 { cmark_node_free(title) }
    for node in nodes(of: document) { adapt(node) }
    let extensions = cmark_parser_get_syntax_extensions(parser)
    guard let markup = cmark_render_html(document, options, extensions) else { return "" }
    defer { free(markup) }
    return String(cString: markup)
  }

  /// Safe is the default of this version; saying so holds for others too. Alignment as an attribute of its own would yield
  /// to the page's style sheet.
  private static let options = CMARK_OPT_SAFE | CMARK_OPT_TABLE_PREFER_STYLE_ATTRIBUTES

  /// The extension that knows tables. Registering is not safe on several threads, so it happens once, here.
  private static let tables = {
    cmark_gfm_core_extensions_ensure_registered()
    return Extension(pointer: cmark_find_syntax_extension("table"))
  }()

  /// Never changed after it is registered.
  private struct Extension: @unchecked Sendable {
    let pointer: OpaquePointer?
  }

  private typealias Node = OpaquePointer

  /// Every node, each before those within it.
  private static func nodes(of document: Node) -> [Node] {
    let iterator = cmark_iter_new(document)
    defer { cmark_iter_free(iterator) }
    var nodes: [Node] = []
    while case let event = cmark_iter_next(iterator), event != CMARK_EVENT_DONE {
      if event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) { nodes.append(node) }
    }
    return nodes
  }

  /// Nil for what is no heading.
  private static func headingLevel(_ node: Node) -> Int? {
    cmark_node_get_type(node) == CMARK_NODE_HEADING ? Int(cmark_node_get_heading_level(node)) : nil
  }

  /// Makes of a node what a page may hold. Only nodes with nothing left in them are freed, for those within are visited
  /// later.
  private static func adapt(_ node: Node) {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_HEADING: cmark_node_set_heading_level(node, min(6, cmark_node_get_heading_level(node) + 1))
    case CMARK_NODE_LINK:
      let target = String(cString: cmark_node_get_url(node)).lowercased()
      if !schemes.contains(where: target.hasPrefix) { replaceByContent(node) }
    case CMARK_NODE_IMAGE: replaceByContent(node)
    case CMARK_NODE_HTML_INLINE: replace(node, by: text(of: node))
    case CMARK_NODE_HTML_BLOCK:
      let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH)
      cmark_node_append_child(paragraph, text(of: node))
      replace(node, by: paragraph)
    default:
      // The type's number is given when the extension is registered, so only the name is known here.
      if String(cString: cmark_node_get_type_string(node)) == "table" { wrap(node) }
    }
  }

  private static let schemes = ["http://", "https://", "mailto:"]

  private static func text(of node: Node) -> Node? {
    let text = cmark_node_new(CMARK_NODE_TEXT)
    cmark_node_set_literal(text, cmark_node_get_literal(node))
    return text
  }

  private static func replace(_ node: Node, by other: Node?) {
    cmark_node_replace(node, other)
    cmark_node_free(node)
  }

  /// Puts what is within a node in the node's place.
  private static func replaceByContent(_ node: Node) {
    while let child = cmark_node_first_child(node) {
      guard cmark_node_insert_before(node, child) == 1 else { return }
    }
    cmark_node_free(node)
  }

  /// Puts a table into a box that scrolls where the table is too wide, like those of the page.
  private static func wrap(_ table: Node) {
    let box = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK)
    cmark_node_set_on_enter(box, "<div class=\"scroll\" tabindex=\"0\">")
    cmark_node_set_on_exit(box, "</div>")
    cmark_node_replace(table, box)
    cmark_node_append_child(box, table)
  }
}
