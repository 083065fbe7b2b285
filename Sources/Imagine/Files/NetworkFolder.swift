import Foundation
import LineupFormats
import LineupLearning

/// The folder of one network in the layout of diffusers: `config.json` and weights in one file or several.
package struct NetworkFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// Its `config.json`.
  package var configurationPath: String { path + "/config.json" }

  /// File names of weights in the order in which they are preferred: full precision before half.
  private static let names: [String] = ["", ".fp16", ".bf16"].flatMap { variant in
    ["diffusion_pytorch_model", "model"].flatMap { stem in
      [
        "\(stem)\(variant).safetensors", "\(stem).safetensors.index\(variant).json",
        "\(stem)\(variant).safetensors.index.json",
      ]
    }
  }

  /// The network's tensors, in whatever file they are.
  package func tensors() throws -> any TensorSource {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw ModelFileError.missing(path: path, lookedFor: [])
    }
    if let name = Self.names.first(where: { FileManager.default.fileExists(atPath: "\(path)/\($0)") }) {
      return name.hasSuffix(".json")
        ? try ShardedTensors(path: "\(path)/\(name)") : try SafetensorsFile(path: "\(path)/\(name)")
    }
    let others = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    if let pickle = others.first(where: PickleFile.isNamed) { throw ModelFileError.pickle(path: "\(path)/\(pickle)") }
    throw ModelFileError.missing(
      path: path,
      lookedFor: [
        "diffusion_pytorch_model.safetensors or model.safetensors",
        "the same in half precision, as model.fp16.safetensors or model.bf16.safetensors",
        "an index of shards, as model.safetensors.index.json",
      ])
  }
}

/// Files of weights that are never opened, because reading one can run any code.
enum PickleFile {
  static func isNamed(_ name: String) -> Bool {
    ["bin", "ckpt", "pt", "pth", "pkl"].contains(URL(fileURLWithPath: name).pathExtension.lowercased())
  }

  /// Whether a file says so by its name or its beginning.
  static func isAt(_ path: String) -> Bool { isNamed(path) || beginsAt(path) }

  /// Whether a file begins as PyTorch's files do: as a zip archive or as a bare pickle.
  static func beginsAt(_ path: String) -> Bool {
    let start = (try? WholeFile.beginning(path, count: 9)) ?? []
    // The length of a safetensors header can be these bytes too; the header's bracket follows it.
    if start.count == 9, start.last == UInt8(ascii: "{") { return false }
    return start.starts(with: [0x50, 0x4B, 0x03, 0x04])
      || (start.first == 0x80 && (2...5).contains(start.dropFirst().first ?? 0))
  }
}
