internal import CLineupHDF5
import LineupSupport

#if canImport(Glibc)
  internal import Glibc
#endif

/// Remembers that a write to a file has failed.
///
/// HDF5 1.10 cannot be trusted with such a file any more: closing a dataset whose pages could not be written follows a
/// null pointer. So what belongs to it stays open until the process ends, which after a failed write is soon.
final class FileHealth {
  var isBroken = false
}

/// Where in a file something happens, for error messages.
struct Place {
  var file: String
  var object: String
  var health: FileHealth?

  /// An attribute of the object at this place.
  func attribute(_ name: String) -> Place {
    Place(file: file, object: "\(object)@\(name)", health: health)
  }
}

/// An HDF5 identifier that is released when its last owner goes.
final class Handle {
  let id: hid_t
  private var release: (@convention(c) (hid_t) -> herr_t)?
  private let health: FileHealth?

  /// - Parameter release: nil for identifiers that belong to the library, such as its predefined types.
  init(_ id: hid_t, release: (@convention(c) (hid_t) -> herr_t)?, health: FileHealth? = nil) {
    self.id = id
    self.release = release
    self.health = health
  }

  deinit {
    _ = close()
  }

  /// Releases the identifier now. Negative if that failed, which for a file means that its last pages were not written.
  func close() -> herr_t {
    guard let release, health?.isBroken != true else { return 0 }
    self.release = nil
    chdf5_prepare()
    return release(id)
  }
}

/// What a call was about to do: decides which error a failure becomes.
enum Activity {
  case reading
  case writing
}

/// Calls HDF5 with its printing of errors off and turns a negative result into a typed error that carries the root
/// cause found on the library's error stack.
@discardableResult
func call<Result: SignedInteger>(
  _ activity: Activity, _ place: Place, _ body: () -> Result
) throws(Fault) -> Result {
  chdf5_prepare()
  let result = body()
  guard result < 0 else { return result }
  if case .writing = activity { place.health?.isBroken = true }
  throw lastError(activity, place)
}

/// The same for calls that give an identifier.
func acquire(
  _ activity: Activity, _ place: Place, release: @escaping @convention(c) (hid_t) -> herr_t, _ body: () -> hid_t
) throws(Fault) -> Handle {
  Handle(try call(activity, place, body), release: release, health: place.health)
}

/// The error of the call that has just failed on this thread.
func lastError(_ activity: Activity, _ place: Place) -> Fault {
  var text = [CChar](repeating: 0, count: 512)
  let number = chdf5_last_error(&text, text.count)
  var reason = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  if reason.isEmpty { reason = "HDF5 gave no reason" }
  return recordError(activity, place, number: number, reason: reason)
}

/// The error that belongs to a system error number.
func recordError(_ activity: Activity, _ place: Place, number: Int32, reason: String) -> Fault {
  switch activity {
  case .writing where number == ENOSPC || number == EFBIG || number == EDQUOT:
    .diskFull(file: place.file, object: place.object, reason: String(cString: strerror(number)))
  case .writing where number != 0:
    .cannotWrite(file: place.file, object: place.object, reason: String(cString: strerror(number)))
  case .writing:
    .cannotWrite(file: place.file, object: place.object, reason: reason)
  case .reading:
    .damaged(file: place.file, object: place.object, reason: reason)
  }
}

/// The version of the HDF5 library in use, as `"1.10.8"`.
package func hdf5Version() -> String {
  chdf5_prepare()
  var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
  _ = H5get_libversion(&major, &minor, &release)
  return "\(major).\(minor).\(release)"
}
