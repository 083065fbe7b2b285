import Foundation

extension ByteLevelBPETokenizer {
  /// What may follow an apostrophe to be a piece of its own with it.
  private static let contractions = ["s", "t", "re", "ve", "m", "ll", "d"].map { Array($0.unicodeScalars) }
  private static let marks = [startText, endText].map { Array($0.unicodeScalars) }

  /// A text cut into the pieces inside which tokens are joined: English contractions, runs of letters, single digits, and
  /// runs of anything else that is not white space; tried in this order at each place.
  package static func pieces(of text: String) -> [String] { pieces(in: normalized(text)[...]).map(string) }

  /// The pieces of a text that is normalised already.
  static func pieces(in text: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>] {
    var pieces: [ArraySlice<Unicode.Scalar>] = []
    var place = text.startIndex
    while place < text.endIndex {
      if text[place].properties.isWhitespace {
        place += 1
      } else if text[place] == "<", let mark = marks.first(where: { text[place...].starts(with: $0) }) {
        // A mark in another letter case than the token's is no token, but still ends what is around it.
        let inner = (place + 2)..<(place + mark.count - 2)
        pieces += [text[place..<inner.lowerBound], text[inner], text[inner.upperBound..<(place + mark.count)]]
        place += mark.count
      } else {
        let end = endOfPiece(in: text, from: place)
        pieces.append(text[place..<end])
        place = end
      }
    }
    return pieces
  }

  /// Unicode form C in small letters, scalar by scalar: no rule that looks at neighbours (final sigma) applies. Every run
  /// of white space is one space.
  static func normalized(_ text: String) -> [Unicode.Scalar] {
    var normalized: [Unicode.Scalar] = []
    for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
      if !scalar.properties.isWhitespace {
        normalized += scalar.properties.lowercaseMapping.unicodeScalars
      } else if normalized.last != " " {
        normalized.append(" ")
      }
    }
    return normalized
  }

  static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func endOfPiece(in text: ArraySlice<Unicode.Scalar>, from place: Int) -> Int {
    if text[place] == "'" {
      for letters in contractions where text[(place + 1)...].starts(with: letters) { return place + 1 + letters.count }
    }
    if text[place].isNumber { return place + 1 }
    let isLetter = text[place].isLetter
    return text[place...].firstIndex { scalar in
      isLetter ? !scalar.isLetter : scalar.isLetter || scalar.isNumber || scalar.properties.isWhitespace
    } ?? text.endIndex
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
