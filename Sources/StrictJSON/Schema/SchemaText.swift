import OrderedCollections

/// Writes a shape as JSON Schema (draft 2020-12), so that editors check and complete experiment files.
package struct SchemaText {
  private var definitions: OrderedDictionary<String, JSONValue> = [:]

  /// What a profile changes: the file without the members that stand at its top only.
  private let patched: Record

  /// The schema of whole files of this shape.
  ///
  /// - Parameters:
  ///   - id: the address by which editors and other schemas know it.
  ///   - topOnly: members that a profile cannot change.
  ///
  /// A file that extends another, and a profile, may leave anything out and may remove members with null.
  package static func schema(of record: Record, id: String, topOnly: Set<String>) -> JSONValue {
    var patched = record
    patched.title = "profile"
    patched.fields.removeAll { topOnly.contains($0.key) }
    var writer = SchemaText(patched: patched)
    let complete = writer.reference(to: record.title) { $0.object(record, describing: nil) }
    let layered = writer.change(of: .record(record))
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(id),
      "title": .string(record.title), "description": .string(record.summary),
      "if": ["required": ["extends"]], "then": .object(layered), "else": .object(complete),
      "$defs": .object(writer.definitions),
    ]
  }

  private init(patched: Record) { self.patched = patched }

  private typealias Members = OrderedDictionary<String, JSONValue>

  private mutating func members(of shape: Shape) -> Members {
    switch shape {
    case .boolean: ["type": "boolean"]
    case .text: ["type": "string", "minLength": 1]
    case .folderName: ["type": "string", "pattern": .string(Self.folderNamePattern)]
    case .choice(let names):
      names.count == 1 ? ["const": .string(names[0])] : ["enum": .array(names.map(JSONValue.string))]
    case .integer(let range):
      Members(
        uniqueKeysWithValues: [
          ("type", "integer"), ("minimum", .number(JSONNumber(range.lowerBound))),
        ] + (range.upperBound == .max ? [] : [("maximum", .number(JSONNumber(range.upperBound)))]))
    case .seed: ["type": "integer", "minimum": 0, "maximum": .number(.unsigned(.max))]
    case .number(let range): number(range)
    case .list(let element, let count, let order): list(of: element, count: count, order: order)
    case .record(let record): reference(to: record.title) { $0.object(record, describing: record.summary) }
    case .variants(let variants): reference(to: variants.title) { $0.variants(variants) }
    case .named(let element, let minimum):
      [
        "type": "object", "minProperties": .number(JSONNumber(minimum)),
        "propertyNames": ["pattern": .string(Self.folderNamePattern)],
        "additionalProperties": .object(members(of: element)),
      ]
    case .either(let shapes): ["anyOf": .array(shapes.map { .object(members(of: $0)) })]
    case .patch: change(of: .record(patched))
    case .anything: [:]
    }
  }

  /// What may be laid over a place of this shape: objects merge, so their members may be left out, and null removes.
  private mutating func change(of shape: Shape) -> Members {
    switch shape {
    case .record(let record):
      reference(to: "Change of \(record.title)") { $0.changes(record.fields, describing: record.summary) }
    case .variants(let variants):
      // The kind may stand in the file below, so that a member of any kind may be changed.
      reference(to: "Change of \(variants.title)") { writer in
        let names = variants.cases.map(\.name)
        let tag = Field(variants.tag, .choice(names), .optional, variants.tagSummary)
        let fields = variants.cases.flatMap { $0.record.fields }
        return writer.changes([tag] + fields, describing: variants.summary)
      }
    case .named(let element, _):
      [
        "type": "object", "propertyNames": ["pattern": .string(Self.folderNamePattern)],
        "additionalProperties": .object(removable(change(of: element))),
      ]
    default: members(of: shape)
    }
  }

  /// An object of changes. Fields of one name, of several kinds of object, are alternatives.
  private mutating func changes(_ fields: [Field], describing summary: String) -> Members {
    var alternatives: OrderedDictionary<String, [Members]> = [:]
    for field in fields {
      let change = change(of: field.shape)
      if alternatives[field.key]?.contains(change) != true { alternatives[field.key, default: []].append(change) }
    }
    let properties = alternatives.mapValues { JSONValue.object(removable($0.count == 1 ? $0[0] : anyOf($0))) }
    return [
      "type": "object", "description": .string(summary), "properties": .object(properties),
      "additionalProperties": false,
    ]
  }

  private func removable(_ members: Members) -> Members { anyOf([members, ["type": "null"]]) }

  private func anyOf(_ alternatives: [Members]) -> Members {
    ["anyOf": .array(alternatives.map(JSONValue.object))]
  }

  private static let folderNamePattern = "^[a-z0-9][a-z0-9-]{0,63}$"

  private func number(_ range: NumberRange) -> Members {
    var members: Members = ["type": "number"]
    members[range.excludesLower ? "exclusiveMinimum" : "minimum"] = .number(JSONNumber(range.lower))
    if range.upper.isFinite {
      members[range.excludesUpper ? "exclusiveMaximum" : "maximum"] = .number(JSONNumber(range.upper))
    }
    return members
  }

  private mutating func list(of element: Shape, count: ClosedRange<Int>, order: ListOrder) -> Members {
    var members: Members = ["type": "array", "items": .object(self.members(of: element))]
    if count.lowerBound > 0 { members["minItems"] = .number(JSONNumber(count.lowerBound)) }
    if count.upperBound != .max { members["maxItems"] = .number(JSONNumber(count.upperBound)) }
    if order != .any { members["uniqueItems"] = true }
    return members
  }

  private mutating func object(_ record: Record, describing summary: String?) -> Members {
    var properties: Members = [:]
    for field in record.fields {
      var property = members(of: field.shape)
      property["description"] = .string(field.summary)
      if case .standard(let value) = field.presence, !field.shape.fillsItself { property["default"] = value }
      properties[field.key] = .object(property)
    }
    var members: Members = ["type": "object"]
    if let summary { members["description"] = .string(summary) }
    members["properties"] = .object(properties)
    let required = record.fields.filter { $0.presence == .required }.map { JSONValue.string($0.key) }
    if !required.isEmpty { members["required"] = .array(required) }
    members["additionalProperties"] = false
    return members
  }

  private mutating func variants(_ variants: Variants) -> Members {
    let names = variants.cases.map(\.name)
    var members: Members = [
      "type": "object", "description": .string(variants.summary),
      "properties": [variants.tag: ["enum": .array(names.map(JSONValue.string))]],
    ]
    if variants.standard == nil { members["required"] = [.string(variants.tag)] }
    // A conditional for each kind instead of one list of alternatives: an editor then names the fault inside the
    // kind that was written, not that none of the kinds fits.
    members["allOf"] = .array(
      names.map { name in
        let reference = reference(to: "\(variants.title): \(name)") { writer in
          guard let record = variants.record(named: name) else { return [:] }
          return writer.object(record, describing: record.summary)
        }
        var condition: Members = ["properties": [variants.tag: ["const": .string(name)]]]
        if name != variants.standard { condition["required"] = [.string(variants.tag)] }
        return ["if": .object(condition), "then": .object(reference)]
      })
    return members
  }

  /// Puts a definition aside under its title, once, and refers to it.
  private mutating func reference(to title: String, _ write: (inout SchemaText) -> Members) -> Members {
    let key = title.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    if definitions[key] == nil {
      definitions[key] = .null
      definitions[key] = .object(write(&self))
    }
    return ["$ref": .string("#/$defs/\(key)")]
  }
}
