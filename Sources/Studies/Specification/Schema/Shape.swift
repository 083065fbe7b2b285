import Foundation
import LineupFormats
import LineupStrictJSON

/// What may stand at one place of an experiment file.
///
/// This description is the only one: reading and checking files, `experiments/schema.json` and the reference page
/// are all made from it.
indirect enum Shape: Sendable {
  case boolean
  /// Free text, not empty.
  case text
  /// A name that becomes the name of a folder: small letters, digits and hyphens.
  case folderName
  case choice([String])
  case integer(ClosedRange<Int>)
  /// A whole number from 0 to 2⁶⁴ − 1.
  case seed
  case number(NumberRange)
  case list(Shape, count: ClosedRange<Int>, order: ListOrder = .any)
  case record(Record)
  case variants(Variants)
  /// An object whose member names are the author's own.
  case named(Shape, minimum: Int)
  /// Any one of these; they must differ in their kind of JSON value.
  case either([Shape])
  /// An object laid over the file before it is checked.
  case patch
  /// Anything, kept as it is.
  case anything
}

/// The numbers allowed at a place, infinite where a side is open.
struct NumberRange: Sendable {
  var lower: Double
  var upper: Double
  var excludesLower: Bool
  var excludesUpper: Bool

  static func above(_ lower: Double, upTo upper: Double = .infinity) -> NumberRange {
    NumberRange(lower: lower, upper: upper, excludesLower: true, excludesUpper: false)
  }

  static func from(_ lower: Double, upTo upper: Double = .infinity) -> NumberRange {
    NumberRange(lower: lower, upper: upper, excludesLower: false, excludesUpper: false)
  }

  static func from(_ lower: Double, below upper: Double) -> NumberRange {
    NumberRange(lower: lower, upper: upper, excludesLower: false, excludesUpper: true)
  }

  func contains(_ value: Double) -> Bool {
    (excludesLower ? value > lower : value >= lower) && (excludesUpper ? value < upper : value <= upper)
  }

  var described: String {
    let low = JSONNumber(lower)
    let start = excludesLower ? "above \(low)" : "of at least \(low)"
    guard upper.isFinite else { return start }
    return "\(start) and \(excludesUpper ? "below" : "at most") \(JSONNumber(upper))"
  }
}

/// What must hold between the elements of a list.
enum ListOrder: Sendable {
  case any
  case unique
  case ascending
}

/// An object with known members.
struct Record: Sendable {
  /// Names the object in the schema's definitions and on the reference page.
  var title: String
  /// What it is, in a sentence or two.
  var summary: String
  var fields: [Field]

  /// - Parameter defaults: a value whose encoded members are the fields' defaults. A field that it leaves out is
  ///   optional, unless it says that it is required.
  init(_ title: String, _ summary: String, defaults: (any Encodable & Sendable)? = nil, fields: [Field]) {
    self.title = title
    self.summary = summary
    guard let defaults else {
      self.fields = fields
      return
    }
    let encoded = JSONValue(encoding: defaults)
    self.fields = fields.map { field in
      var field = field
      if let value = encoded[field.key], field.presence == .optional {
        // A record inside fills itself, so that a partly written one keeps the rest.
        field.presence = .standard(field.shape.fillsItself ? [:] : value)
      }
      return field
    }
  }
}

/// One member of a record.
struct Field: Sendable {
  enum Presence: Sendable, Hashable {
    case required
    case optional
    /// Stands for the member where it is left out.
    case standard(JSONValue)
  }

  var key: String
  var shape: Shape
  var presence: Presence
  /// What the member does, in a sentence or two for people.
  var summary: String

  init(_ key: String, _ shape: Shape, _ presence: Presence, _ summary: String) {
    self.key = key
    self.shape = shape
    self.presence = presence
    self.summary = summary
  }

  /// A member that may be left out, with or without a default in the record's `defaults`.
  init(_ key: String, _ shape: Shape, _ summary: String) {
    self.init(key, shape, .optional, summary)
  }
}

/// An object of one of several kinds, told apart by one member.
struct Variants: Sendable {
  var title: String
  var summary: String
  /// The member that names the kind.
  var tag: String
  var tagSummary: String
  /// The kind where the tag is left out; nil where it must be there.
  var standard: String?
  /// Each record is named by the tag's value and leaves the tag out.
  var cases: [(name: String, record: Record)]

  /// The record of one kind with the tag as its first member.
  func record(named name: String) -> Record? {
    guard var record = cases.first(where: { $0.name == name })?.record else { return nil }
    let presence: Field.Presence = standard.map { .standard(.string($0)) } ?? .required
    record.fields.insert(Field(tag, .choice([name]), presence, tagSummary), at: 0)
    return record
  }
}

extension Shape {
  /// Whether an empty object may stand here and becomes complete through its fields' defaults.
  var fillsItself: Bool {
    switch self {
    case .record, .variants: true
    default: false
    }
  }

  /// The shape as the end of "expected …".
  var described: String {
    switch self {
    case .boolean: "true or false"
    case .text: "text in double quotes"
    case .folderName: "a name of small letters, digits and hyphens, which becomes a folder"
    case .choice(let names):
      names.count == 1 ? JSONValue.quoted(names[0]) : "one of " + names.map(JSONValue.quoted).joined(separator: ", ")
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .seed: "a whole number from 0 to 18446744073709551615"
    case .number(let range): "a number \(range.described)"
    case .list(let element, let count, let order): Self.describedList(of: element, count, order)
    case .record(let record): "an object with \(Self.list(record.fields.map(\.key)))"
    case .variants(let variants): "an object whose \(JSONValue.quoted(variants.tag)) names its kind"
    case .named: "an object whose members you name"
    case .either(let shapes): shapes.map(\.described).joined(separator: ", or ")
    case .patch: "an object of changes to this file"
    case .anything: "any value"
    }
  }

  private static func describedList(of element: Shape, _ count: ClosedRange<Int>, _ order: ListOrder) -> String {
    var text = "a list"
    switch (count.lowerBound, count.upperBound) {
    case (0, .max): break
    case (let low, .max): text += " of at least \(low)"
    case (let low, let high) where low == high: text += " of exactly \(low)"
    case (let low, let high): text += " of \(low) to \(high)"
    }
    switch order {
    case .any: break
    case .unique: text += ", all different"
    case .ascending: text += ", each larger than the one before"
    }
    return text + "; each \(element.described)"
  }

  static func list(_ names: [String]) -> String {
    names.joined(separator: ", ")
  }
}
