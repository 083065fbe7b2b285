import Foundation
import LineupStrictJSON
import LineupSupport

/// A checkpoint in several safetensors files, held together by an index whose `weight_map` says in which file each tensor
/// is.
package struct ShardedTensors: TensorSource {
  package let path: String
  package let entries: [TensorEntry]
  private let shardByName: [String: SafetensorsFile]

  /// Opens the index at `path` and all its files, which lie beside it. Missing and damaged files, tensors that the index
  /// lists and its file lacks, and tensors in two files are one error.
  package init(path: String) throws(Fault) {
    let files = try Self.weightMap(path)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    var (problems, entries, shardByName): ([String], [TensorEntry], [String: SafetensorsFile]) = ([], [], [:])
    let tensors = Dictionary(grouping: files.keys) { files[$0] ?? "" }
    for name in tensors.keys.sorted() {
      let shard: SafetensorsFile
      do throws(Fault) {
        shard = try SafetensorsFile(path: folder.appendingPathComponent(name).path)
      } catch {
        problems.append("\(error)")
        continue
      }
      for entry in shard.entries {
        if let other = shardByName[entry.name] {
          problems.append("\(entry.name): both in \(URL(fileURLWithPath: other.path).lastPathComponent) and in \(name)")
        }
        shardByName[entry.name] = shard
        entries.append(entry)
      }
      for tensor in (tensors[name] ?? []).sorted() where !shard.contains(tensor) {
        problems.append("\(tensor): the index says that it is in \(name), which has no such tensor")
      }
    }
    guard problems.isEmpty else { throw .unfit(path, problems) }
    (self.path, self.entries, self.shardByName) = (path, entries, shardByName)
  }

  /// The file of each tensor.
  private static func weightMap(_ path: String) throws(Fault) -> [String: String] {
    let value = try JSONDocument(reading: try WholeFile.read(path), source: path).value
    guard let map = value["weight_map"], !map.keys.isEmpty else {
      throw .malformed(
        path, place: "/weight_map", found: value["weight_map"]?.described ?? "nothing",
        expected: "an object of tensors and their files")
    }
    var files: [String: String] = [:]
    for tensor in map.keys {
      guard let file = map[tensor]?.text, !file.isEmpty, !file.contains("/") else {
        throw .malformed(
          path, place: "/weight_map/\(tensor)", found: map[tensor]?.described ?? "nothing",
          expected: "the name of a file beside the index")
      }
      files[tensor] = file
    }
    return files
  }

  package func entry(_ name: String) -> TensorEntry? { shardByName[name]?.entry(name) }

  package func withBytes(of name: String, _ body: (UnsafeRawBufferPointer) -> Void) {
    shardByName[name]?.withBytes(of: name, body)
  }
}
