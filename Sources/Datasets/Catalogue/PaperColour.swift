import LineupFormats

/// What transparent pictures lie on, as files say it: `#rrggbb`, the words black and white, or three numbers from 0 to 255.
package struct PaperColour: Codable, Equatable, Sendable {
  package let colour: Colour

  package init?(_ text: String) {
    switch text {
    case "white": colour = .white
    case "black": colour = .black
    default:
      let digits = Array(text.dropFirst())
      guard text.first == "#", digits.count == 6, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
      let values = [0, 2, 4].compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
      colour = Colour(red: values[0], green: values[1], blue: values[2])
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self), let colour = Self(text) {
      self = colour
      return
    }
    let values = try container.decode([UInt8].self)
    guard values.count == 3 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a colour has three numbers")
    }
    colour = Colour(red: values[0], green: values[1], blue: values[2])
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([colour.red, colour.green, colour.blue])
  }
}
