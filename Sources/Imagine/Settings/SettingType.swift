/// What values a setting takes: how a text says one, which are allowed, and the words for both.
struct SettingType<Value: Sendable>: Sendable {
  /// A phrase that follows "must be" and "expected".
  let expected: String
  /// What a command line can offer.
  var completion = PictureSetting.Completion.none
  /// Whether a value can begin with a minus sign, which else begins an option.
  var isNumber = false
  let read: @Sendable (String) -> Value?
  let write: @Sendable (Value) -> String
  var allows: @Sendable (Value) -> Bool = { _ in true }

  /// The value that a text says, if it is allowed.
  func value(_ text: String) -> Value? { read(text).flatMap { allows($0) ? $0 : nil } }
}

extension SettingType where Value == String {
  static var text: Self { .init(expected: "a text", read: { $0 }, write: { $0 }) }

  static var folder: Self { .init(expected: "a path", completion: .folder, read: { $0 }, write: { $0 }) }

  static func file(_ endings: String...) -> Self {
    .init(expected: "a path", completion: .file(endings), read: { $0 }, write: { $0 })
  }
}

extension SettingType where Value == Bool {
  static var flag: Self { .init(expected: "true or false", read: { Bool($0) }, write: { "\($0)" }) }
}

extension SettingType where Value: FixedWidthInteger & LosslessStringConvertible {
  static func whole(from least: Value) -> Self {
    .init(
      expected: "a whole number of at least \(least)", isNumber: true, read: { Value($0) }, write: { "\($0)" },
      allows: { $0 >= least })
  }

  static func whole(in range: ClosedRange<Value>) -> Self {
    .init(
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", isNumber: true,
      read: { Value($0) },
      write: { "\($0)" }, allows: range.contains)
  }
}

extension SettingType where Value: BinaryFloatingPoint & LosslessStringConvertible {
  static var number: Self {
    .init(expected: "a number", isNumber: true, read: { Value($0) }, write: { $0.shortText }, allows: \.isFinite)
  }

  static func number(in range: ClosedRange<Value>) -> Self {
    .init(
      expected: "a number from \(range.lowerBound.shortText) to \(range.upperBound.shortText)", isNumber: true,
      read: { Value($0) },
      write: { $0.shortText }, allows: range.contains)
  }
}

extension SettingType where Value: CaseIterable & RawRepresentable<String> {
  /// One of the cases of an enumeration, by name.
  static var choice: Self {
    let names = Value.allCases.map(\.rawValue)
    return .init(
      expected: names.dropLast().joined(separator: ", ") + " or " + names.last!, completion: .words(names),
      read: { Value(rawValue: $0) }, write: { $0.rawValue })
  }
}

extension BinaryFloatingPoint where Self: LosslessStringConvertible {
  /// The shortest text that reads back as this number, without a fraction of zero.
  var shortText: String { description.hasSuffix(".0") ? String(description.dropLast(2)) : description }
}
