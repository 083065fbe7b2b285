/// A setting of an arm that does not fit another one, or the data.
package struct SettingProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The names that lead from the arm to the member.
  package var path: [String]
  /// A phrase that follows the word "found".
  package var found: String
  /// A phrase that follows the word "expected".
  package var expected: String

  package init(_ path: [String], found: String, expected: String) {
    (self.path, self.found, self.expected) = (path, found, expected)
  }

  package var description: String { "found \(found); expected \(expected)" }

  /// Images whose sides, where they are known, are no multiples of what a network needs.
  package static func sides(of facts: StudyFacts, multipleOf divisor: Int, at path: [String]) -> [SettingProblem] {
    guard facts.kind == .images, let shape = facts.sampleShape,
      let side = shape.prefix(2).first(where: { $0 % divisor != 0 })
    else { return [] }
    let size = shape[0] == shape[1] ? "\(side)×\(side)" : "\(shape[0])×\(shape[1])"
    return [
      SettingProblem(
        path, found: "a network for sides that are multiples of \(divisor), and images of \(size)",
        expected: "data.size to be a multiple of \(divisor), or another network")
    ]
  }

  /// A number that must divide every one of some widths, and does not.
  package static func divisor(_ divisor: Int, _ key: String, of widths: [Int], at path: [String]) -> [SettingProblem] {
    guard let width = widths.first(where: { $0 % divisor != 0 }) else { return [] }
    return [
      SettingProblem(
        path + [key], found: "\(divisor) \(key) with a width of \(width)", expected: "a number that divides every width"
      )
    ]
  }
}
