/// How many processes of this one's control group the kernel has killed for want of memory.
package enum MemoryKills {
  /// The count so far; nil where the kernel does not say.
  package static var count: Int? {
    guard let groups = try? WholeFile.text("/proc/self/cgroup") else { return nil }
    for group in groups.split(separator: "\n") {
      let parts = group.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let path = parts[2] == "/" ? "" : String(parts[2])
      let files: [String]
      switch parts[1] {
      case "": files = ["/sys/fs/cgroup\(path)/memory.events", "/sys/fs/cgroup/memory.events"]
      case "memory":
        files = ["/sys/fs/cgroup/memory\(path)/memory.oom_control", "/sys/fs/cgroup/memory/memory.oom_control"]
      default: continue
      }
      // In a container the path may be the host's, and the container's own group lies at the top.
      for file in files {
        if let count = (try? WholeFile.text(file)).flatMap(count(in:)) { return count }
      }
    }
    return nil
  }

  /// The number in the line `oom_kill N`.
  package static func count(in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == "oom_kill" { return Int(words[1]) }
    }
    return nil
  }
}
