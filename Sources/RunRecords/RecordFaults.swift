import LineupSupport

/// Why a run file could not be written or read: each names the file and, where there is one, the object inside it.
extension Fault {
  /// There is no file under this name.
  package static func fileMissing(file: String) -> Fault { Fault(.missing, file: file) }

  /// The file exists and is not HDF5, or its first bytes are destroyed.
  package static func notHDF5(file: String) -> Fault {
    .malformed(file, found: "no HDF5 file, or one whose beginning is destroyed", expected: "a run file")
  }

  /// The file is HDF5, but was not written as a run file.
  package static func notARun(file: String, found: String) -> Fault {
    .malformed(file, place: "the attribute 'format'", found: found, expected: "\"\(RunFormat.name)\"")
  }

  /// The file was written by a later version of the format.
  package static func newerVersion(file: String, found: Int, supported: Int) -> Fault {
    .malformed(
      file, place: "the version of the run format", found: "\(found)",
      expected: "\(supported) at most; a later version of this program wrote the file")
  }

  /// An object or attribute that every run file has is not there.
  package static func objectMissing(file: String, object: String) -> Fault {
    .malformed(file, place: object, found: "nothing", expected: "an object that every such run has")
  }

  /// An object is there, with another type or shape.
  package static func unexpected(file: String, object: String, found: String, expected: String) -> Fault {
    .malformed(file, place: object, found: found, expected: expected)
  }

  /// The bytes cannot be read back: truncated, overwritten, failed checksum.
  package static func damaged(file: String, object: String, reason: String) -> Fault {
    Fault(.unreadable, file: file, place: object, cause: "the file is damaged or incomplete (\(reason))")
  }

  /// The file or folder cannot be created, opened for writing, renamed or written.
  package static func cannotWrite(file: String, object: String, reason: String) -> Fault {
    Fault(.unwritable, file: file, place: object, cause: reason)
  }

  /// The file system has no space left, or the file has reached its size limit or quota. What was committed is safe.
  package static func diskFull(file: String, object: String, reason: String) -> Fault {
    Fault(.diskFull, file: file, place: object, cause: reason)
  }

  /// A resume was asked for a step that the file does not hold.
  package static func rowsMissing(file: String, committed: Int, wanted: Int) -> Fault {
    .malformed(
      file, place: "the series", found: "rows up to step \(committed)",
      expected: "rows up to step \(wanted), to resume after it")
  }

  /// A resume was asked with another run's description.
  package static func differentRun(file: String, field: String, found: String, expected: String) -> Fault {
    Fault(
      .malformed, file: file, place: field, found: found, expected: expected, cause: "the file belongs to another run")
  }
}
