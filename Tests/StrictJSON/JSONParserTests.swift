import LineupStrictJSON
import LineupSupport
import Testing

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws(Fault) -> JSONDocument {
    try JSONDocument(reading: Array(text.utf8), source: "file.json")
  }

  /// What is wrong with a text that is not JSON.
  private func fault(in text: String) throws -> Fault {
    try #require(throws: Fault.self) { _ = try parse(text) }
  }

  @Test func numbersAreExact() throws {
    let text = "[18446744073709551615, -9223372036854775808, 9007199254740993, 0.1, 5e12, 1.0, -0, 1e-7, 1e300]"
    #expect(
      try parse(text).value.canonicalText
        == "[18446744073709551615,-9223372036854775808,9007199254740993,0.1,5000000000000,1,0,1e-07,1e+300]")
  }

  @Test func textSurvivesEscapes() throws {
    let value = try parse(#"["a\"b\\\/\n\t\u00e9\ud83d\ude00", "naïve 漢字"]"#).value
    #expect(value.elements?[0].text == "a\"b\\/\n\té😀")
    #expect(try parse(value.canonicalText).value == value)
    #expect(try parse(value.indentedText).value == value)
  }

  @Test func membersKeepTheirOrderAndTheCanonicalTextSortsThem() throws {
    let value = try parse(#"{"b": 1, "a": {"d": [], "c": null}}"#).value
    #expect(value.keys == ["b", "a"])
    #expect(value.canonicalText == #"{"a":{"c":null,"d":[]},"b":1}"#)
  }

  @Test func placesAreLinesAndColumnsAsAnEditorCountsThem() throws {
    let document = try parse("{\n  \"é\": 1, \"key\": [10,\n    20]\n}")
    #expect(document.place(of: JSONPointer(["key"])) == Place(source: "file.json", line: 2, column: 11))
    #expect(document.place(of: JSONPointer(["key", "1"])) == Place(source: "file.json", line: 3, column: 5))
    #expect(document.place(of: JSONPointer(["key", "1", "missing"]))?.line == 3)
  }

  @Test(arguments: [
    ("{\n  \"a\": 1,\n}", 3, 1, "no comma"),
    ("[1, 2,]", 1, 7, "no comma"),
    ("{\"a\" 1}", 1, 6, "colon"),
    ("{\"a\": 1 \"b\": 2}", 1, 9, "comma"),
    ("{\"a\": 'x'}", 1, 7, "double quotes"),
    ("{\"a\": 1 // note\n}", 1, 9, "comma"),
    ("{\"a\": 01}", 1, 7, "number"),
    ("{\"a\": .5}", 1, 7, "value"),
    ("{\"a\": 1e999}", 1, 7, "1.8e308"),
    ("{\"a\": NaN}", 1, 7, "value"),
    ("{\"a\": \"open", 1, 7, "closing"),
    ("{\"a\": 1} x", 1, 10, "end of the file"),
    ("{\"a\": \"\\ud800\"}", 1, 14, "two"),
    ("", 1, 1, "value"),
  ])
  func syntaxErrorsNameThePlace(_ text: String, _ line: Int, _ column: Int, _ expected: String) throws {
    let fault = try fault(in: text)
    #expect(fault.file == "file.json" && fault.line == line && fault.column == column)
    #expect(fault.expected?.contains(expected) == true, "\(fault)")
  }

  @Test func everyDuplicateIsReported() throws {
    let text = "{\"a\": {\"x\": 1,\n\"x\": 2}, \"b\": 1,\n\"b\": 2}"
    let duplicates = try JSONParser.parse(Array(text.utf8), source: "file.json").duplicates
    #expect(duplicates.map(\.pointer.description) == ["/a/x", "/b"])
    #expect(duplicates.map(\.second.line) == [2, 3])
    #expect(
      try fault(in: text).description == "file.json:2:1, /a/x: found this name a second time, expected each name once")
  }

  @Test func hostileNestingIsAnErrorAndNotACrash() throws {
    let fault = try fault(in: String(repeating: "[", count: 1_000_000))
    #expect(fault.found?.contains("nested") == true)
  }

  /// Places take far more memory than values, so documents that keep them are smaller.
  @Test(.timeLimit(.minutes(1))) func hostileNumbersOfValuesAreErrors() throws {
    let many = "[" + repeatElement("0", count: 150_000).joined(separator: ",") + "]"
    #expect(try parse(many).value.elements?.count == 150_000)
    #expect(throws: JSONParser.SyntaxError.self) { try JSONParser.parse(Array(many.utf8), source: "file.json") }
    #expect(try fault(in: "\"" + String(repeating: "x", count: 64_000_000) + "\"").expected == "64000000 bytes at most")
  }

  /// Places of values that were read without them.
  @Test func placesAreFoundWhenTheyAreAskedFor() throws {
    let document = try parse("{\n  \"a\": [1,\n    {\"b\": 2}]}")
    #expect(document.place(of: JSONPointer(["a", "1", "b"])) == Place(source: "file.json", line: 3, column: 6))
    #expect(document.places.isEmpty)
  }

  @Test func bytesThatAreNotUTF8NameTheirLine() throws {
    let fault = try #require(throws: Fault.self) {
      _ = try JSONDocument(reading: Array("{\n\"a\": \"".utf8) + [0xFF, 0x22, 0x7D], source: "file.json")
    }
    #expect(fault.line == 2)
    #expect(fault.expected?.contains("UTF-8") == true)
  }

  /// A vocabulary is one line of a megabyte; counting its columns anew for each value took minutes.
  @Test(.timeLimit(.minutes(1))) func longLinesAreReadInOneGo() throws {
    let text = "{" + (0..<40_000).map { "\"token number \($0)\": \($0)" }.joined(separator: ", ") + ", \"é\": }"
    #expect(try fault(in: text).column == text.count)
  }

  /// The examples of RFC 7396, appendix A.
  @Test(arguments: [
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
    (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
    (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
    (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
    (#"{"a":"foo"}"#, #"null"#, #"null"#),
    (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
    (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
    (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ])
  func layersMergeAsRFC7396(_ base: String, _ patch: String, _ result: String) throws {
    var document = try parse(base)
    document.apply(try parse(patch))
    #expect(document.value.canonicalText == result)
  }
}
