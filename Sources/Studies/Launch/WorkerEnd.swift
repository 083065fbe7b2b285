import Foundation
import LineupSupport

/// What a worker's end means.
enum WorkerEnd {
  case finished
  /// Something hindered it that would hinder every trial, such as a full disk.
  case hindered(String)
  /// It died; its last sentence.
  case died(Death.Kind, signal: Int32, sentence: String)
  /// It could not do its work at all.
  case error(String)

  /// - Parameters:
  ///   - ending: how the process ended.
  ///   - errors: what it wrote to standard error.
  ///   - progress: its last report.
  ///   - hang: how it hung, where the runner ended it for that.
  ///   - ranShort: whether the kernel killed a process of this control group for want of memory meanwhile.
  init(_ ending: ChildProcess.Ending, errors: String, progress: TrialProgress, hang: String?, ranShort: Bool) {
    let lines = errors.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }.map(String.init)
    let shortage = lines.last { line in Self.shortages.contains { line.contains($0) } }
    let signal: Int32 = if case .signal(let number) = ending { number } else { 0 }
    if let hang {
      self = .died(.hang, signal: signal, sentence: hang)
      return
    }
    switch ending {
    case .code(ExitStatus.success.rawValue): self = .finished
    case .code(ExitStatus.outOfMemory.rawValue):
      self = .died(.outOfMemory, signal: 0, sentence: Self.bare(shortage ?? lines.last ?? ""))
    case .code(ExitStatus.interrupted.rawValue):
      self =
        progress.phase == .stopped
        ? .died(.killed, signal: 0, sentence: "")
        : .hindered(progress.message ?? lines.last ?? "a worker left in the middle and did not say why")
    case .code(let code):
      let text = lines.suffix(12).joined(separator: "\n")
      self = .error(text.isEmpty ? "the worker left with code \(code) and did not say why" : text)
    case .signal(SIGKILL) where ranShort:
      self = .died(.outOfMemory, signal: SIGKILL, sentence: "the kernel killed it, for its control group has no more")
    case .signal(let number):
      if let shortage, Death.Kind(signal: number) == .trap {
        self = .died(.outOfMemory, signal: number, sentence: Self.bare(shortage))
      } else {
        let sentence = lines.last { $0.contains("Fatal error: ") } ?? lines.last ?? ""
        self = .died(Death.Kind(signal: number), signal: number, sentence: Self.bare(sentence))
      }
    }
  }

  /// What this program, Swift and C++ say when an allocation fails.
  private static let shortages = ["out of memory: ", "failed to allocate ", "std::bad_alloc", "Cannot allocate memory"]

  /// A sentence without the program's name before it and without its full stop, to stand in another one.
  private static func bare(_ line: String) -> String {
    let text = line.hasPrefix("lineup: ") ? String(line.dropFirst("lineup: ".count)) : line
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
