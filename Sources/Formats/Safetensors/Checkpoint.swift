import Foundation
import LineupNetworks
import LineupSupport
import LineupTensors

/// Saves and restores modules through their walk: parameters, buffers and integers, by name.
public enum Checkpoint {
  /// Writes everything that the module's walk shows, with a digest of each tensor and of the whole.
  public static func write(_ module: inout some Module, to path: String, metadata: [String: String] = [:])
    throws(Fault)
  {
    var collector = Collector()
    collector.writer.metadata = metadata
    module.visit(&collector)
    collector.writer.seal()
    try collector.writer.write(to: path)
  }

  /// Fills a module from a file; where it carries digests, they are compared first. Missing, extra and misshapen entries are one error that lists them all, and then the
  /// module is left as it was.
  public static func read<M: Module>(into module: inout M, from path: String) throws(Fault) {
    let file = try SafetensorsFile(path: path)
    _ = try file.checkSeal()
    var restored = module
    var restorer = Restorer(file: file)
    restored.visit(&restorer)
    let extra = file.entries.map(\.name).filter { !restorer.seen.contains($0) }
    restorer.problems += extra.map { "\($0): in the file, but the model has no such entry" }
    guard restorer.problems.isEmpty else { throw .unfit(path, restorer.problems) }
    module = restored
  }
}

private struct Collector: ModuleVisitor {
  var writer = SafetensorsWriter()
  var path = NamePath()

  mutating func parameter(_ name: String, _ value: inout Tensor) { writer.add(path.name(name), value) }
  mutating func buffer(_ name: String, _ value: inout Tensor) { writer.add(path.name(name), value) }
  mutating func integer(_ name: String, _ value: inout Int) { writer.add(path.name(name), integers: [value]) }
  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }
}

private struct Restorer: ModuleVisitor {
  let file: SafetensorsFile
  var path = NamePath()
  var seen: Set<String> = []
  var problems: [String] = []

  init(file: SafetensorsFile) { self.file = file }

  private mutating func restore(_ name: String, _ value: inout Tensor) {
    let full = path.name(name)
    seen.insert(full)
    guard let entry = file.entry(full) else {
      problems.append("\(full): missing, expected shape \(value.shape)")
      return
    }
    guard entry.shape == value.shape else {
      problems.append("\(full): found shape \(entry.shape), expected \(value.shape)")
      return
    }
    do throws(Fault) { value = try file.tensor(full) } catch { problems.append("\(full): \(error)") }
  }

  mutating func parameter(_ name: String, _ value: inout Tensor) { restore(name, &value) }
  mutating func buffer(_ name: String, _ value: inout Tensor) { restore(name, &value) }

  mutating func integer(_ name: String, _ value: inout Int) {
    let full = path.name(name)
    seen.insert(full)
    guard file.contains(full) else {
      problems.append("\(full): missing, expected one integer")
      return
    }
    do throws(Fault) {
      let integers = try file.integers(full)
      if integers.count == 1 { value = integers[0] } else { problems.append("\(full): expected one integer") }
    } catch {
      problems.append("\(full): \(error)")
    }
  }

  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }
}
