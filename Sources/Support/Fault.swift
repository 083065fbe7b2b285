/// What is wrong with something from outside: a file, a folder, a text that someone typed.
///
/// It says where, what was found there, what was expected, and why where the system gives a reason.
public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
  /// What sort of trouble it is, for those who act on it.
  public enum Kind: Sendable, Equatable {
    /// There is nothing of this name.
    case missing
    /// It is there and cannot be read.
    case unreadable
    /// It cannot be written; what was there before is unharmed.
    case unwritable
    /// It cannot be written because the disk, the quota or the file is full, so that the same command goes on later.
    case diskFull
    /// The system has no memory or no process left for it, so that the same command goes on later.
    case outOfMemory
    /// Another process holds it.
    case locked
    /// It was read and is not what it should be.
    case malformed
  }

  /// What sort of trouble it is.
  public var kind: Kind
  /// The path, or what the content was called by whoever gave it.
  public var file: String
  /// Counted from 1; nil where lines mean nothing.
  public var line: Int?
  /// Counted from 1 in characters.
  public var column: Int?
  /// The place inside: a JSON pointer, a tensor, a byte.
  public var place: String?
  /// A phrase that follows the word "found".
  public var found: String?
  /// A phrase that follows the word "expected".
  public var expected: String?
  /// Why, or what to do.
  public var cause: String?
  /// Everything that does not fit, one sentence each, where it is found out together.
  public var problems: [String] = []

  /// A fault of a file; what is not known is left out.
  public init(
    _ kind: Kind, file: String, line: Int? = nil, column: Int? = nil, place: String? = nil, found: String? = nil,
    expected: String? = nil, cause: String? = nil
  ) {
    (self.kind, self.file, self.line, self.column, self.place) = (kind, file, line, column, place)
    (self.found, self.expected, self.cause) = (found, expected, cause)
  }

  /// Content that is not what it should be.
  public static func malformed(_ file: String, place: String? = nil, found: String, expected: String) -> Fault {
    Fault(.malformed, file: file, place: place, found: found, expected: expected)
  }

  /// Something that is there and cannot be read.
  public static func unreadable(_ file: String, _ cause: String) -> Fault {
    Fault(.unreadable, file: file, cause: cause)
  }

  /// Something that cannot be written.
  public static func unwritable(_ file: String, _ cause: String) -> Fault {
    Fault(.unwritable, file: file, cause: cause)
  }

  /// Content of which several things do not fit, all told at once.
  public static func unfit(_ file: String, _ problems: [String]) -> Fault {
    var fault = Fault(.malformed, file: file)
    fault.problems = problems
    return fault
  }

  /// Whether the disk ran full, which stops a run cleanly instead of failing it.
  public var isDiskFull: Bool { kind == .diskFull }

  /// `FILE:LINE:COLUMN, PLACE: found …, expected …: CAUSE`.
  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ":\(column)" }
    if let place { text += text.isEmpty ? place : ", \(place)" }
    var parts: [String] = []
    switch kind {
    case .missing: parts += ["cannot be read", "there is no such file or folder"]
    case .unreadable, .outOfMemory: parts.append("cannot be read")
    case .unwritable, .diskFull: parts.append("cannot be written")
    case .locked: parts.append("another process is working on it")
    case .malformed: break
    }
    let content = [found.map { "found \($0)" }, expected.map { "expected \($0)" }].compactMap { $0 }
    if !content.isEmpty { parts.append(content.joined(separator: ", ")) }
    if let cause { parts.append(cause) }
    if kind == .diskFull { parts.append("free some space and run the same command again") }
    if !problems.isEmpty { parts.append("does not fit:" + problems.map { "\n  \($0)" }.joined()) }
    return ([text] + parts).joined(separator: ": ")
  }
}
