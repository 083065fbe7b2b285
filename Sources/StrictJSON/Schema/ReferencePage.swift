/// Writes a shape as a page for people: a table for each object.
package struct ReferencePage {
  private var sections: [String] = []
  private var written: Set<String> = []

  /// The tables of `record` and of every object in it, from the outside inwards.
  package static func tables(of record: Record) -> String {
    var page = ReferencePage()
    page.write(record, heading: "The file")
    return page.sections.joined(separator: "\n")
  }

  private mutating func write(_ record: Record, heading: String) {
    guard written.insert(heading).inserted else { return }
    var section = "## \(heading)\n\n\(record.summary)\n\n"
    section += "| name | value | if left out | meaning |\n| --- | --- | --- | --- |\n"
    for field in record.fields {
      let cells = ["`\(field.key)`", Self.value(field.shape), Self.presence(field), field.summary]
      let escaped = cells.map { $0.split(separator: "|").joined(separator: "\\|") }
      section += "| " + escaped.joined(separator: " | ") + " |\n"
    }
    sections.append(section)
    for field in record.fields { descend(into: field.shape, named: field.key) }
  }

  private mutating func descend(into shape: Shape, named name: String) {
    switch shape {
    case .record(let record):
      write(record, heading: "`\(name)`")
    case .variants(let variants):
      for (kind, _) in variants.cases {
        guard let record = variants.record(named: kind) else { continue }
        write(record, heading: "`\(name)` with `\(variants.tag)` `\(kind)`")
      }
    case .named(let element, _):
      descend(into: element, named: name)
    default:
      break
    }
  }

  private static func presence(_ field: Field) -> String {
    switch field.presence {
    case .required: "must be there"
    case .optional: "–"
    case .standard(let value): field.shape.fillsItself || value == [:] ? "its defaults" : "`\(value.singleLineText)`"
    }
  }

  private static func value(_ shape: Shape) -> String {
    switch shape {
    case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
    case .record: "object, see below"
    case .variants(let variants): "object, see below for each `\(variants.tag)`"
    case .named(let element, _): "object of your own names; each " + value(element)
    case .either(let shapes): shapes.map(value).joined(separator: ", or ")
    default: shape.described
    }
  }
}
