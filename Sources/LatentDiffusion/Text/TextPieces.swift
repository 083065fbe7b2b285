import Foundation

extension ByteLevelBPETokenizer {
  /// What may follow an apostrophe to be a piece of its own with it.
  private static let contractions = ["s", "t", "re", "ve", "m", "ll", "d"].map { Array($0.unicodeScalars) }
  private static let marks = [startText, endText].map { Array($0.unicodeScalars) }

  /// A text cut into the pieces inside which tokens are joined: the two marks, English contractions, runs of letters,
  /// single digits, and runs of anything else that is not white space; tried in this order at each place.
  public static func pieces(of text: String) -> [String] {
    let text = normalized(text)
    var pieces: [String] = []
    var place = 0
    while place < text.count {
      if text[place].properties.isWhitespace {
        place += 1
        continue
      }
      let end = endOfPiece(in: text, from: place)
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: text[place..<end])
      pieces.append(String(piece))
      place = end
    }
    return pieces
  }

  /// Unicode form C in small letters, scalar by scalar: no rule that looks at neighbours (final sigma) applies.
  private static func normalized(_ text: String) -> [Unicode.Scalar] {
    text.precomposedStringWithCanonicalMapping.unicodeScalars.flatMap {
      Array($0.properties.lowercaseMapping.unicodeScalars)
    }
  }

  private static func endOfPiece(in text: [Unicode.Scalar], from place: Int) -> Int {
    for mark in marks where text[place...].starts(with: mark) { return place + mark.count }
    if text[place] == "'" {
      for letters in contractions where text[(place + 1)...].starts(with: letters) { return place + 1 + letters.count }
    }
    if text[place].isNumber { return place + 1 }
    let isLetter = text[place].isLetter
    return text[place...].firstIndex { scalar in
      isLetter ? !scalar.isLetter : scalar.isLetter || scalar.isNumber || scalar.properties.isWhitespace
    } ?? text.count
  }
}

extension Unicode.Scalar {
  /// Unicode's general category L.
  fileprivate var isLetter: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  /// Unicode's general category N.
  fileprivate var isNumber: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }
}
