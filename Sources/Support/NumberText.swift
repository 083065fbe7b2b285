import Foundation

/// Numbers, shares, bytes and lengths of time as people read them.
package enum NumberText {
  /// About three significant digits, without an exponent where that is readable.
  package static func short(_ value: Double?) -> String {
    guard let value else { return "–" }
    guard value.isFinite else { return value.isNaN ? "–" : (value > 0 ? "∞" : "−∞") }
    let size = abs(value)
    // Counts are whole; a mean of counts need not be.
    if size >= 1, size < 100_000, value == value.rounded() { return count(Int(value)) }
    let text: String
    switch size {
    case 0: text = "0"
    case ..<0.001: text = scientific(value, digits: 1)
    case ..<1: text = fixed(value, digits: 3)
    case ..<10: text = fixed(value, digits: 2)
    case ..<100: text = fixed(value, digits: 1)
    case ..<100_000: text = count(Int(value.rounded()))
    default: text = scientific(value, digits: 2)
    }
    return text.replacingOccurrences(of: "-", with: "−")
  }

  /// `1.23 × 10⁵`.
  package static func scientific(_ value: Double, digits: Int = 2) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "–" }
    let parts = String(format: "%.\(digits)e", value).split(separator: "e")
    let exponent = Int(parts[1]) ?? 0
    let raised = String(exponent).map { superscripts[$0] ?? $0 }
    let trimmed = trimmedZeros(String(parts[0]))
    return (trimmed == "1" ? "" : trimmed + " × ") + "10" + String(raised)
  }

  private static let superscripts: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
  ]

  private static func trimmedZeros(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// So many significant digits, as C's `%g` writes them: for tables of numbers and for files.
  package static func significant(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)g", value) }

  /// So many digits after the point.
  package static func fixed(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

  /// A whole number with commas at the thousands.
  package static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// A share as a percentage: `25 %`, `2.5 %`, never broken between lines.
  package static func percent(_ share: Double) -> String {
    let value = share * 100
    // A figure that ran away must not end the report.
    guard abs(value) < 1e6 else { return short(value) + "\u{A0}%" }
    let size = abs(value)
    let text = size < 10 && size != size.rounded() ? fixed(size, digits: 1) : "\(Int(size.rounded()))"
    return (value < 0 ? "−" : "") + text + "\u{A0}%"
  }

  /// A large number with a letter for its size: `260 k`, `2.02 M`.
  package static func large(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    for (size, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= size {
      return significant(value / size) + " " + letter
    }
    return significant(value)
  }

  /// `12.3 ms`, `4.56 s`, `3 min 20 s`.
  package static func seconds(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    switch value {
    case ..<1e-3: return significant(value * 1e6) + " µs"
    case ..<1: return significant(value * 1e3) + " ms"
    case ..<100: return significant(value) + " s"
    default: return duration(value)
    }
  }

  /// `512 B`, `1.5 KiB`, `12.3 MiB`.
  package static func bytes(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    for (size, letter) in [(1024.0 * 1024 * 1024, "GiB"), (1024 * 1024, "MiB"), (1024, "KiB")] where value >= size {
      return significant(value / size) + " " + letter
    }
    return significant(value) + " B"
  }

  /// A length of time in its largest units that matter: `4.2 s`, `42 s`, `3 min 20 s`, `2 h 05 min`, `3.1 years`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    let year = 365.25 * 24 * 3600
    guard seconds < year else { return significant(seconds / year) + " years" }
    if seconds < 9.95 { return trimmedZeros(String(format: "%.1f", seconds)) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(String(format: "%02d", whole % 3600 / 60)) min"
  }

  /// Bytes with the binary letter for their size: `1.5 GiB`.
  package static func bytes(_ value: Int) -> String { bytes(Double(value)) }

  /// Three significant digits, never in scientific notation below a million.
  package static func significant(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1e12 { return scientific(value) }
    if size >= 99.95 { return count(Int(value.rounded())) }
    if size >= 9.995 { return trimmedZeros(fixed(value, digits: 1)) }
    return trimmedZeros(fixed(value, digits: 2))
  }
}
