import LineupFormats

/// Why a scheduler cannot be made. What is wrong in a file itself is a `DiffusersConfigurationError`.
public enum SchedulerError: Error, CustomStringConvertible, Equatable {
  /// The file's class is none of ours, and no other was chosen.
  case unknownClass(path: String, found: String)
  case withoutKarras(SchedulerName)
  /// A number of steps that the scheduler cannot take.
  case steps(Int, allowed: ClosedRange<Int>, scheduler: SchedulerName)
  /// A timestep that the network was not trained for.
  case timestep(Int, trained: Int, path: String)
  /// Settings that have no finite result.
  case undefined(path: String, reason: String)

  public var description: String {
    switch self {
    case .unknownClass(let path, let found):
      "\(path): found the class \(found), expected "
        + Set(SchedulerName.allCases.map(\.className)).sorted().joined(separator: ", ")
        + ". Choose a scheduler by name: " + SchedulerName.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .withoutKarras(let name):
      "the scheduler \(name.rawValue) has no Karras noise levels; these have: "
        + SchedulerName.allCases.filter(\.takesKarras).map(\.rawValue).joined(separator: ", ") + "."
    case .steps(let found, let allowed, let name):
      "found \(found) steps, expected \(allowed.lowerBound) to \(allowed.upperBound) for the scheduler \(name.rawValue) "
        + "with these settings."
    case .timestep(let found, let trained, let path):
      "\(path): the steps lead to timestep \(found), expected 0 to \(trained - 1); take fewer steps or another "
        + "timestep_spacing or steps_offset."
    case .undefined(let path, let reason): "\(path): these settings have no finite result: \(reason)."
    }
  }
}
