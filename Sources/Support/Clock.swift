import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// The clock of everything that is measured, and the one of everything that is dated.
package enum Clock {
  /// Seconds on a clock that only goes forward.
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Seconds since the beginning of 1970 in UTC, for times that are compared between processes.
  package static var secondsSince1970: Double { Date().timeIntervalSince1970 }

  /// The time of the day here, for people.
  package static var timeOfDay: String { Date().formatted(date: .omitted, time: .standard) }

  /// The date and time now, as ISO 8601 in UTC to the second: `2026-03-01T12:00:00Z`.
  package static var timestamp: String { Date().formatted(.iso8601) }
}
