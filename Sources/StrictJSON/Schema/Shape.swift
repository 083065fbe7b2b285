/// What may stand at one place of an experiment file.
///
/// This description is the only one: reading and checking files, `experiments/schema.json` and the reference page
/// are all made from it.
package indirect enum Shape: Sendable {
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
package struct NumberRange: Sendable {
  package var lower: Double
  package var upper: Double
  package var excludesLower: Bool
  package var excludesUpper: Bool

  package static func above(_ lower: Double, upTo upper: Double = .infinity) -> NumberRange {
    NumberRange(lower: lower, upper: upper, excludesLower: true, excludesUpper: false)
  }

  package static func from(_ lower: Double, upTo upper: Double = .infinity) -> NumberRange {
    NumberRange(lower: lower, upper: upper, excludesLower: false, excludesUpper: false)
  }

  package static func from(_ lower: Double, below upper: Double) -> NumberRange {
    NumberRange(lower: lower, upper: upper, excludesLower: false, excludesUpper: true)
  }

  package func contains(_ value: Double) -> Bool {
    (excludesLower ? value > lower : value >= lower) && (excludesUpper ? value < upper : value <= upper)
  }

  package var described: String {
    let low = JSONNumber(lower)
    let start = excludesLower ? "above \(low)" : "of at least \(low)"
    guard upper.isFinite else { return start }
    return "\(start) and \(excludesUpper ? "below" : "at most") \(JSONNumber(upper))"
  }
}

/// What must hold between the elements of a list.
package enum ListOrder: Sendable {
  case any
  case unique
  case ascending
}

extension Shape {
  /// Whether an empty object may stand here and becomes complete through its fields' defaults.
  package var fillsItself: Bool {
    switch self {
    case .record, .variants: true
    default: false
    }
  }

  /// The shape as the end of "expected …".
  package var described: String {
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

  package static func list(_ names: [String]) -> String {
    names.joined(separator: ", ")
  }
}
