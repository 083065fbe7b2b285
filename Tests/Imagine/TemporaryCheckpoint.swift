import Foundation
import LineupFormats
import LineupLearning
import LineupTensors
import LineupTestSupport

/// A copy of a tiny checkpoint that a test may change; it is removed when the test lets go of it.
final class TemporaryCheckpoint {
  private let folder = TemporaryFile("checkpoint")
  var path: String { folder.path }

  init(copying name: String? = nil) throws {
    if let name {
      try FileManager.default.copyItem(atPath: Fixtures.checkpoint(name), toPath: path)
    } else {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
  }

  /// Replaces a piece of a text file.
  func replace(_ old: String, by new: String, in name: String) throws {
    let text = try String(contentsOfFile: file(name), encoding: .utf8)
    try write(text.replacingOccurrences(of: old, with: new), to: name)
  }

  /// The tensors of a file of weights, in its order.
  func tensors(_ name: String) throws -> [(name: String, value: Tensor)] {
    let file = try SafetensorsFile(path: file(name))
    return try file.entries.map { ($0.name, try file.tensor($0.name)) }
  }

  func write(_ tensors: some Sequence<(name: String, value: Tensor)>, to name: String) throws {
    var writer = SafetensorsWriter()
    for (name, value) in tensors { writer.add(name, value) }
    try writer.write(to: file(name))
  }

  /// Writes a file of weights again with each tensor replaced by what `change` makes of it.
  func change(
    _ name: String, to other: String? = nil, _ change: (String, Tensor) -> [(name: String, value: Tensor)]
  ) throws {
    try write(tensors(name).flatMap { change($0.name, $0.value) }, to: other ?? name)
  }
}
