import LineupFormats

/// A prompt in which brackets say how much its parts count, in the grammar of AUTOMATIC1111's web interface:
/// `(x)` multiplies by 1.1, `[x]` divides by 1.1, `(x:1.3)` multiplies by 1.3; brackets nest, a backslash takes their
/// meaning from them, and those that are not closed reach to the end.
package struct WeightedPrompt: Sendable, Equatable {
  package struct Part: Sendable, Equatable {
    package var text: String
    package var weight: Double

    package init(_ text: String, _ weight: Double) { (self.text, self.weight) = (text, weight) }
  }

  /// The parts in order; neighbours have different weights. An empty prompt is one empty part.
  package let parts: [Part]

  package init(parsing prompt: String) {
    let text = Array(prompt.unicodeScalars)
    var letters: [(scalar: Unicode.Scalar, weight: Double)] = []
    // Where the open brackets of either kind begin.
    var round: [Int] = []
    var square: [Int] = []
    func weigh(from begin: Int, by factor: Double) {
      for index in begin..<letters.count { letters[index].weight *= factor }
    }
    var place = 0
    while place < text.count {
      let scalar = text[place]
      place += 1
      switch scalar {
      case "\\":
        if place < text.count, "\\()[]".unicodeScalars.contains(text[place]) {
          letters.append((text[place], 1))
          place += 1
        }
      case "(": round.append(letters.count)
      case "[": square.append(letters.count)
      case ")" where !round.isEmpty: weigh(from: round.removeLast(), by: 1.1)
      case "]" where !square.isEmpty: weigh(from: square.removeLast(), by: 1 / 1.1)
      case ":":
        if !round.isEmpty, let (weight, end) = Self.weight(in: text, after: place) {
          weigh(from: round.removeLast(), by: weight)
          place = end
        } else {
          letters.append((scalar, 1))
        }
      default: letters.append((scalar, 1))
      }
    }
    for begin in round { weigh(from: begin, by: 1.1) }
    for begin in square { weigh(from: begin, by: 1 / 1.1) }
    parts = Self.merged(letters)
  }

  /// A number and the round bracket after it, and where the text goes on.
  private static func weight(in text: [Unicode.Scalar], after place: Int) -> (weight: Double, end: Int)? {
    guard let end = text[place...].firstIndex(of: ")") else { return nil }
    var literal = text[place..<end]
    while literal.first?.properties.isWhitespace == true { literal.removeFirst() }
    while literal.last?.properties.isWhitespace == true { literal.removeLast() }
    guard literal.allSatisfy({ "+-.0123456789".unicodeScalars.contains($0) }) else { return nil }
    var digits = String.UnicodeScalarView()
    digits.append(contentsOf: literal)
    return Double(String(digits)).map { ($0, end + 1) }
  }

  private static func merged(_ letters: [(scalar: Unicode.Scalar, weight: Double)]) -> [Part] {
    var parts: [Part] = []
    for (scalar, weight) in letters {
      if parts.last?.weight == weight {
        parts[parts.count - 1].text.unicodeScalars.append(scalar)
      } else {
        parts.append(Part(String(scalar), weight))
      }
    }
    return parts.isEmpty ? [Part("", 1)] : parts
  }
}
