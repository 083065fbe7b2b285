/// Why a run file could not be written or read. Every case names the file and, where there is one, the object inside it.
package enum RecordError: Error, Equatable, Sendable {
  /// There is no file under this name.
  case fileMissing(file: String)
  /// The file exists and is not HDF5, or its first bytes are destroyed.
  case notHDF5(file: String)
  /// The file is HDF5, but was not written as a run file.
  case notARun(file: String, found: String)
  /// The file was written by a later version of the format.
  case newerVersion(file: String, found: Int, supported: Int)
  /// An object or attribute that every run file has is not there.
  case objectMissing(file: String, object: String)
  /// An object is there, with another type or shape.
  case unexpected(file: String, object: String, found: String, expected: String)
  /// The bytes cannot be read back: truncated, overwritten, failed checksum.
  case damaged(file: String, object: String, reason: String)
  /// The file or folder cannot be created, opened for writing, renamed or written.
  case cannotWrite(file: String, object: String, reason: String)
  /// The file system has no space left, or the file has reached its size limit or quota. What was committed is safe.
  case diskFull(file: String, object: String, reason: String)
  /// A resume was asked for a step that the file does not hold.
  case rowsMissing(file: String, committed: Int, wanted: Int)
  /// A resume was asked with another run's description.
  case differentRun(file: String, field: String, found: String, expected: String)
}

extension RecordError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .fileMissing(let file):
      "\(file): there is no such file"
    case .notHDF5(let file):
      "\(file): this is not an HDF5 file, or its beginning is destroyed"
    case .notARun(let file, let found):
      "\(file): this HDF5 file is not a run; its attribute 'format' is \(found), expected \"\(RunFormat.name)\""
    case .newerVersion(let file, let found, let supported):
      "\(file): written in version \(found) of the run format; this program reads up to version \(supported)"
    case .objectMissing(let file, let object):
      "\(file): \(object) is missing"
    case .unexpected(let file, let object, let found, let expected):
      "\(file): \(object) is \(found), expected \(expected)"
    case .damaged(let file, let object, let reason):
      "\(file): \(object) cannot be read, the file is damaged or incomplete (\(reason))"
    case .cannotWrite(let file, let object, let reason):
      "\(file): \(object) cannot be written (\(reason))"
    case .diskFull(let file, let object, let reason):
      "\(file): no space left while writing \(object) (\(reason)); free some space and run the same command again"
    case .rowsMissing(let file, let committed, let wanted):
      "\(file): holds the series up to step \(committed); resuming after step \(wanted) is not possible"
    case .differentRun(let file, let field, let found, let expected):
      "\(file): belongs to another run; \(field) is \(found), expected \(expected)"
    }
  }
}
