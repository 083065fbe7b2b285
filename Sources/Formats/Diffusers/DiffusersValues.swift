import LineupStrictJSON

/// Values as `config.json` files hold them.
extension JSONValue {
  /// Whole numbers, one an element.
  package static func list(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .number(JSONNumber($0)) }) }

  /// One number for all places where they agree, a list of them where they do not.
  package static func each(_ numbers: [Int]) -> JSONValue {
    Set(numbers).count == 1 ? .number(JSONNumber(numbers[0])) : list(numbers)
  }

  /// A number in the fewest digits that tell it from other floats, so that 1e-5 is not written 9.99999974737875e-06.
  package static func float(_ number: Float) -> JSONValue { .number(JSONNumber(Double("\(number)")!)) }
}
