import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// What this process has used so far.
package enum ProcessUsage {
  /// Processor seconds of all threads.
  package static var coreSeconds: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// Processor seconds of another process; nil where there is none of this number.
  package static func coreSeconds(of process: pid_t) -> Double? {
    guard let text = try? WholeFile.text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    // Behind the name: state, ten numbers, then the ticks in the program and in the kernel.
    let fields = text[end...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
    return (user + system) / ticksPerSecond
  }

  /// The kernel's unit of processor time.
  static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

  /// Resident bytes now, from the kernel's own count; 0 where it does not say.
  package static var residentBytes: Int { kernelCount("VmRSS") }

  /// The most resident bytes so far, or since ``resetPeak()``.
  package static var peakResidentBytes: Int { kernelCount("VmHWM") }

  /// Bytes of address space now.
  package static var addressSpace: Int { kernelCount("VmSize") }

  private static func kernelCount(_ field: String) -> Int {
    let status = (try? WholeFile.text("/proc/self/status")) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
  }

  /// Starts the kernel's peak anew, so that it counts from the end of the set-up. Best effort.
  package static func resetPeak() {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = [UInt8(ascii: "5")].withUnsafeBytes { writeAll($0, to: descriptor) }
    close(descriptor)
  }
}
