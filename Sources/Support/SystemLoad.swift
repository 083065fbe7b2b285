import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// How busy other processes keep the machine, from the kernel's own count. What is measured beside them is not comparable.
package struct SystemLoad {
  private let start = Clock.seconds
  private let busy = Self.busySeconds
  private let own = ProcessUsage.coreSeconds

  /// Begins to watch.
  package init() {}

  /// The processor cores that others used since the beginning, on average; nil where the kernel does not say.
  package var coresOfOthers: Double? {
    guard let busy, let now = Self.busySeconds else { return nil }
    let seconds = max(Clock.seconds - start, 1e-9)
    return max(0, (now - busy) - (ProcessUsage.coreSeconds - own)) / seconds
  }

  /// Seconds that all cores together were at work or taken away by the machine's host.
  private static var busySeconds: Double? {
    guard let text = try? WholeFile.text("/proc/stat"), let line = text.split(separator: "\n").first else { return nil }
    let counts = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard counts.count >= 8 else { return nil }
    // user, nice, system, (idle, waiting,) interrupts, soft interrupts, stolen.
    return (counts[0] + counts[1] + counts[2] + counts[5] + counts[6] + counts[7]) / ProcessUsage.ticksPerSecond
  }
}
