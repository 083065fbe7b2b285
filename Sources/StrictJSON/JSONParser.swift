import OrderedCollections

/// Reads JSON strictly, as RFC 8259 has it, noting the place of every value.
///
/// Duplicate names are collected instead of being thrown, so that a reader hears of them together with everything
/// else that is wrong; a syntax error ends the reading.
package struct JSONParser {
  /// A member that appears twice in one object.
  package struct Duplicate: Sendable {
    package var pointer: JSONPointer
    package var first: Place
    package var second: Place
  }

  /// The first place where the text stops being JSON.
  package struct SyntaxError: Error {
    package var place: Place
    package var found: String
    package var expected: String
  }

  /// Of which values the places are kept: each takes ten times the memory of its value.
  package enum Recording: Sendable {
    case everything
    case nothing
    /// Those on the way to one value.
    case way(to: JSONPointer)
  }

  /// The longest text that is read, in bytes.
  private static let longest = 64_000_000
  /// The most values in a text, with and without all their places.
  private static let mostValues = (placed: 100_000, plain: 1_000_000)
  /// More names that are written twice are not told.
  private static let mostDuplicates = 1000

  private let bytes: [UInt8]
  private let source: String
  private let recording: Recording
  /// The way to the value that is being read.
  private var path: [String] = []
  private var values = 0
  private var position = 0
  private var line = 1
  /// Characters of the line that were counted so far, and up to which byte: long lines are counted once.
  private var counted = (characters: 0, end: 0)
  private var depth = 0
  private var places: [JSONPointer: Place] = [:]
  private var duplicates: [Duplicate] = []

  private init(bytes: [UInt8], source: String, recording: Recording) {
    (self.bytes, self.source, self.recording) = (bytes, source, recording)
  }

  /// Reads `bytes`, the content of `source`, which is a path or the text of an option and goes into places. Texts of
  /// absurdly many bytes or values are refused, for they may come from anywhere.
  package static func parse(
    _ bytes: [UInt8], source: String, recording: Recording = .everything
  ) throws(SyntaxError) -> (document: JSONDocument, duplicates: [Duplicate]) {
    var parser = JSONParser(bytes: bytes, source: source, recording: recording)
    guard bytes.count <= longest else {
      throw SyntaxError(
        place: Place(source: source), found: "\(bytes.count) bytes", expected: "\(longest) bytes at most")
    }
    try parser.checkEncoding()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    parser.skipSpace()
    parser.record(parser.place)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else {
      throw parser.error(expected: "the end of the file after the closing bracket")
    }
    return (JSONDocument(value: value, places: parser.places), parser.duplicates)
  }

  // MARK: Values

  /// Keeps the place of the value that the path leads to, if that is wanted.
  private mutating func record(_ place: Place) {
    switch recording {
    case .everything: places[JSONPointer(path)] = place
    case .nothing: break
    case .way(let pointer): if pointer.tokens.starts(with: path) { places[JSONPointer(path)] = place }
    }
  }

  private mutating func value() throws(SyntaxError) -> JSONValue {
    values += 1
    let most = if case .everything = recording { Self.mostValues.placed } else { Self.mostValues.plain }
    guard values <= most else { throw error(found: "more than \(most) values", expected: "fewer") }
    // No value begins with a zero byte, which stands for the end here.
    switch peek ?? 0 {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default:
      for (word, value) in [("true", JSONValue.boolean(true)), ("false", .boolean(false)), ("null", .null)]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw error(expected: "a value: text in double quotes, a number, true, false, null, [ or {")
    }
  }

  private mutating func object() throws(SyntaxError) -> JSONValue {
    try descend()
    defer { depth -= 1 }
    var members: OrderedDictionary<String, JSONValue> = [:]
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      let keyPlace = place
      guard peek == UInt8(ascii: "\"") else {
        throw error(
          expected: members.isEmpty
            ? "a name in double quotes, or }" : "a name in double quotes (no comma may stand before })")
      }
      let key = try string()
      path.append(key)
      if members[key] != nil, duplicates.count < Self.mostDuplicates {
        let pointer = JSONPointer(path)
        duplicates.append(Duplicate(pointer: pointer, first: places[pointer] ?? keyPlace, second: keyPlace))
      }
      guard take(":") else { throw error(expected: "a colon after the name \(JSONValue.quoted(key))") }
      skipSpace()
      record(keyPlace)
      members[key] = try value()
      path.removeLast()
      if take(",") { continue }
      if take("}") { return .object(members) }
      throw error(expected: "a comma or }")
    }
  }

  private mutating func array() throws(SyntaxError) -> JSONValue {
    try descend()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    if take("]") { return .array(elements) }
    while true {
      skipSpace()
      if peek == UInt8(ascii: "]") { throw error(expected: "a value (no comma may stand before ])") }
      path.append(String(elements.count))
      record(place)
      elements.append(try value())
      path.removeLast()
      if take(",") { continue }
      if take("]") { return .array(elements) }
      throw error(expected: "a comma or ]")
    }
  }

  /// Steps over an opening bracket. The limit keeps a hostile file from overflowing the stack.
  private mutating func descend() throws(SyntaxError) {
    guard depth < 100 else { throw error(found: "brackets nested more than 100 deep", expected: "a flatter file") }
    depth += 1
    position += 1
  }

  // MARK: Numbers and text

  private mutating func number() throws(SyntaxError) -> JSONNumber {
    let start = position
    let startPlace = place
    let negative = take("-", skippingSpace: false)
    let leadingZero = peek == UInt8(ascii: "0")
    let wholeDigits = takeDigits()
    var isWhole = true
    var wellFormed = wholeDigits == 1 || (wholeDigits > 1 && !leadingZero)
    if take(".", skippingSpace: false) {
      isWhole = false
      wellFormed = takeDigits() > 0 && wellFormed
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      wellFormed = takeDigits() > 0 && wellFormed
    }
    let literal = String(decoding: bytes[start..<position], as: UTF8.self)
    guard wellFormed, let double = Double(literal) else {
      throw SyntaxError(place: startPlace, found: literal, expected: "a number such as 12, -0.5 or 5e12")
    }
    guard double.isFinite else {
      throw SyntaxError(place: startPlace, found: literal, expected: "a number below 1.8e308")
    }
    if isWhole, !negative, let exact = UInt64(literal) { return .unsigned(exact) }
    if isWhole, negative, let exact = Int64(literal), exact != 0 { return .negative(exact) }
    return JSONNumber(double)
  }

  private mutating func takeDigits() -> Int {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private mutating func string() throws(SyntaxError) -> String {
    let startPlace = place
    position += 1
    var content: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        content += Array(String(try escape()).utf8)
      case 0..<0x20:
        throw error(found: "a line break or control character inside text", expected: "an escape such as \\n")
      default:
        content.append(byte)
        position += 1
      }
    }
    throw SyntaxError(place: startPlace, found: "text without an end", expected: "a closing double quote")
  }

  private mutating func escape() throws(SyntaxError) -> Character {
    let simple: [Character: Character] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]
    position += 1
    guard let byte = peek else { throw error(expected: "an escape") }
    let letter = Character(Unicode.Scalar(byte))
    if let character = simple[letter] {
      position += 1
      return character
    }
    guard letter == "u" else { throw error(expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX") }
    position += 1
    var code = UInt32(try hexadecimal())
    if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: [0x5C, 0x75]) {
      position += 2
      let low = UInt32(try hexadecimal())
      if (0xDC00..<0xE000).contains(low) { code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw error(found: "half of a surrogate pair", expected: "two \\uXXXX escapes that make one character")
    }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(SyntaxError) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")),
      let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error(expected: "four hexadecimal digits after \\u") }
    position += 4
    return value
  }

  // MARK: The cursor

  private var peek: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private var place: Place {
    mutating get {
      // Bytes that continue a character do not count, so that the column is what an editor shows.
      counted.characters += bytes[counted.end..<position].count { $0 & 0xC0 != 0x80 }
      counted.end = position
      return Place(source: source, line: line, column: counted.characters + 1)
    }
  }

  private mutating func skipSpace() {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\n"):
        position += 1
        line += 1
        counted = (0, position)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      default: return
      }
    }
  }

  private mutating func take(_ character: Unicode.Scalar, skippingSpace: Bool = true) -> Bool {
    if skippingSpace { skipSpace() }
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func error(found: String? = nil, expected: String) -> SyntaxError {
    SyntaxError(place: place, found: found ?? describedNext, expected: expected)
  }

  /// The next few characters, in words.
  private var describedNext: String {
    guard position < bytes.count else { return "the end of the file" }
    let rest = bytes[position...].prefix(60)
    if rest.starts(with: "//".utf8) || rest.starts(with: "/*".utf8) || rest.starts(with: "#".utf8) {
      return "a comment, which JSON does not have"
    }
    if rest.starts(with: "'".utf8) { return "a single quote" }
    let word = rest.prefix { ![0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x7D, 0x5D].contains($0) }
    return String(decoding: word.isEmpty ? rest.prefix(1) : word.prefix(24), as: UTF8.self)
  }

  private func checkEncoding() throws(SyntaxError) {
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
    throw SyntaxError(
      place: Place(source: source, line: line + 1, column: 1), found: "bytes that are not UTF-8",
      expected: "a text file encoded as UTF-8")
  }
}
