extension Unicode.Scalar {
  /// Whether it steers what shows a text instead of being shown: the control characters of Unicode, among them those that
  /// begin a terminal's escape codes, the line and paragraph separators, and the marks that turn the direction of writing,
  /// which can make one text look like another.
  package var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    default: false
    }
  }

  /// Its number, as U+001B.
  package var codePoint: String { "U+" + hexadecimal }

  /// At least four digits; all control characters have just four.
  fileprivate var hexadecimal: String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension StringProtocol {
  /// The first control character of a text.
  package var firstControl: Unicode.Scalar? { unicodeScalars.first { $0.isControl } }

  /// The text with every control character as `\u001B`, which JSON reads as the character itself, so that it can be shown
  /// on a terminal.
  ///
  /// - Parameter keepingLines: whether line feeds and tabs stay as they are.
  package func escapingControls(keepingLines: Bool = false) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.isControl, !(keepingLines && (scalar == "\n" || scalar == "\t")) {
        shown.append(contentsOf: "\\u\(scalar.hexadecimal)".unicodeScalars)
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// The text with every such scalar replaced, also where an accent follows it, with which it would be one character.
  package func replacing(scalar: Unicode.Scalar, with other: String) -> String {
    replacingScalars { $0 == scalar ? other : nil }
  }

  /// The text with every scalar replaced for which there is something else.
  package func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let other = replacement(scalar) {
        result.append(contentsOf: other.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
