import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// Bounds that the kernel sets to this process; one that meets them ends.
package enum ProcessLimits {
  /// Sets bounds anew, which may also widen earlier ones of this call.
  ///
  /// - Parameters:
  ///   - addressSpace: bytes of address space in all.
  ///   - seconds: processor seconds in all.
  package static func set(addressSpace: Int, seconds: Int) {
    lower(__rlimit_resource_t(RLIMIT_AS.rawValue), to: addressSpace)
    lower(__rlimit_resource_t(RLIMIT_CPU.rawValue), to: seconds)
    // What is left of a process that ends so is of no use to anyone.
    lower(__rlimit_resource_t(RLIMIT_CORE.rawValue), to: 0)
  }

  /// Never widens what the user allows the process: only the soft bound is set.
  private static func lower(_ resource: __rlimit_resource_t, to value: Int) {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(value))
    setrlimit(resource, &limit)
  }
}
