/// Why something cannot be measured.
package enum BenchmarkError: Error, CustomStringConvertible, Equatable {
  /// A tensor of the inputs that does not fit the network.
  case unfitInputs(path: String, problems: [String])
  /// A network that this kind of work cannot be done on, in a sentence.
  case unsuitable(String)

  package var description: String {
    switch self {
    case .unfitInputs(let path, let problems):
      "\(path): does not fit:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    case .unsuitable(let reason): reason
    }
  }
}
