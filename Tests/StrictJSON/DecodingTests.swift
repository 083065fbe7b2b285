import LineupStrictJSON
import LineupSupport
import Testing

@Suite struct DecodingTests {
  private enum Kind: String, Codable, CaseIterable { case product, sum }

  /// A value in a wrapper that reads and writes itself as one value.
  @propertyWrapper private struct Wrapped<Value: Codable & Equatable>: Codable, Equatable {
    var wrappedValue: Value

    init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    init(from decoder: any Decoder) throws {
      wrappedValue = try decoder.singleValueContainer().decode(Value.self)
    }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(wrappedValue)
    }
  }

  private struct Inner: Codable, Equatable {
    var rates: [Float]
    var names: [String: Int]
    var kind: Kind
    var flag: Bool?
  }

  private struct Outer: Codable, Equatable {
    var seed: UInt64
    var share: Double
    @Wrapped var width: Int
    @Wrapped var inner: Inner
    var list: [[Inner?]]
    var note: String?
    var small: Int8
  }

  private static let text = """
    {
      "seed": 18446744073709551615, "share": 0.1, "width": 64, "small": -128,
      "inner": {"rates": [0.1, 3e-4], "names": {"a": 1, "é": 2}, "kind": "sum"},
      "list": [[null, {"rates": [], "names": {}, "kind": "product", "flag": true}], []]
    }
    """

  private func outer(_ text: String = Self.text) throws(Fault) -> Outer {
    try JSONDocument(reading: Array(text.utf8), source: "file.json").decoded()
  }

  @Test func everyKindOfMemberIsRead() throws {
    let value = try outer()
    #expect(value.seed == UInt64.max && value.share == 0.1 && value.width == 64 && value.small == -128)
    #expect(value.inner == Inner(rates: [0.1, 3e-4], names: ["a": 1, "é": 2], kind: .sum))
    #expect(value.list == [[nil, Inner(rates: [], names: [:], kind: .product, flag: true)], []])
    #expect(value.note == nil)
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let value = try outer()
    let json = JSONValue(encoding: value)
    #expect(try json.decoded(as: Outer.self) == value)
    #expect(try outer(json.canonicalText) == value)
    #expect(json.canonicalText.contains(#""rates":[0.1,0.0003]"#), "a Float has the digits of a Float")
    #expect(json.sorted.keys == ["inner", "list", "seed", "share", "small", "width"])
    #expect(json.keys == ["seed", "share", "width", "inner", "list", "small"])
  }

  /// The member that is made wrong, the text that replaces it, and what the fault says.
  @Test(arguments: [
    (
      "18446744073709551615", "18446744073709551616", "file.json:2:3, /seed",
      "a whole number from 0 to 18446744073709551615"
    ),
    ("18446744073709551615", "-1", "/seed: found the number -1", "a whole number from 0"),
    ("0.1, \"width\"", "\"0.1\", \"width\"", "/share: found the text \"0.1\"", "a number"),
    ("64", "64.5", "file.json:2:47, /width: found the number 64.5", "a whole number"),
    ("-128", "-129", "/small", "from -128 to 127"),
    ("\"sum\"", "\"som\"", "file.json:3:62, /inner/kind: found the text \"som\"", "one of \"product\", \"sum\""),
    ("\"sum\"", "3", "/inner/kind: found the number 3", "text"),
    ("3e-4", "[]", "file.json:3:28, /inner/rates/1: found an empty list", "a number"),
    ("3e-4", "3e40", "/inner/rates/1", "a number"),
    ("\"rates\": [],", "", "file.json:4:19, /list/0/1/rates: found nothing", "a list"),
    ("true", "1", "/list/0/1/flag: found the number 1", "true or false"),
    ("{\"a\": 1, \"é\": 2}", "[1]", "/inner/names: found a list of 1", "an object"),
    ("\"product\"", "null", "/list/0/1/kind: found null", "text"),
  ])
  func faultsNameThePlace(_ old: String, _ new: String, _ place: String, _ expected: String) throws {
    let fault = try #require(throws: Fault.self) { _ = try outer(Self.text.replacing(old, with: new)) }
    #expect(fault.description.contains(place), "\(fault)")
    #expect(fault.expected?.contains(expected) == true, "\(fault)")
    #expect(fault.kind == .malformed)
  }

  @Test func numbersThatAreNotFiniteAreTextsWhereTheyAreAskedFor() throws {
    let json = JSONValue(encoding: ["a": Double.infinity, "b": -.infinity, "c": -.nan, "d": 1])
    #expect(json.sorted.singleLineText == #"{ "a": "inf", "b": "-inf", "c": "nan", "d": 1 }"#)
    let values = try json.decoded(as: [String: Float].self, readingNonFinite: true)
    #expect(values["a"] == .infinity && values["b"] == -.infinity && values["c"]?.isNaN == true && values["d"] == 1)
    #expect(throws: Fault.self) { try json.decoded(as: [String: Float].self) }
  }

  private struct Even: Decodable {
    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      let first = try list.decode(Int.self)
      guard first.isMultiple(of: 2) else {
        throw DecodingError.dataCorruptedError(in: list, debugDescription: "an even number first")
      }
      while !list.isAtEnd { _ = try list.decode(Int.self) }
    }
  }

  @Test func aTypesOwnComplaintGetsAPlace() throws {
    let json: JSONValue = ["x": [[2, 3], [3]]]
    let fault = try #require(throws: Fault.self) { _ = try json.decoded(as: [String: [Even]].self, source: "a list") }
    #expect(fault.description == "a list, /x/1/1: found nothing, expected an even number first")
    let end = try #require(throws: Fault.self) { _ = try JSONValue.array([]).decoded(as: Even.self) }
    #expect(end.description.contains("/0: found the end of the list, expected a whole number"))
  }
}
