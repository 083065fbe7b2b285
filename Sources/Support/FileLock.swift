import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// An exclusive hold on a file, for as long as the value lives. The kernel lets go when the process dies.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the file at `path`, which is made where there is none.
  ///
  /// - Parameters:
  ///   - name: what faults call what the lock guards.
  ///   - patience: seconds to wait for another holder; then the fault is of the kind `locked`.
  package init(_ path: String, guarding name: String, patience: Double = 0) throws(Fault) {
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writing(path) }
    if !Self.poll(seconds: patience, { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }) {
      close(descriptor)
      throw Fault(.locked, file: name, cause: "wait for it, or stop it first")
    }
  }

  deinit { close(descriptor) }

  /// Waits until nobody holds the file at `path`, `patience` seconds at most.
  package static func awaitRelease(of path: String, patience: Double) {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = poll(seconds: patience) { flock(descriptor, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK }
  }

  /// Tries every hundredth of a second; whether it came about in time.
  private static func poll(seconds: Double, _ isDone: () -> Bool) -> Bool {
    let end = Clock.seconds + seconds
    while !isDone() {
      if Clock.seconds >= end { return false }
      usleep(10_000)
    }
    return true
  }
}
