import Foundation
import LineupFormats
import LineupNetworks
import LineupSupport

/// An autoencoder by itself, which takes the place of a checkpoint's own.
enum AutoencoderFiles {
  /// The tensors and the shape of the autoencoder at `path`: a folder in the layout of diffusers (its own, or a pipeline's
  /// with `vae/`), or one file with names of either layout, whose shape is that of the checkpoint's `own` autoencoder.
  static func files(
    _ path: String, like own: AutoencoderKL.Configuration?, notes: inout [String]
  ) throws -> NetworkFiles<AutoencoderKL.Configuration> {
    let path = try ModelCache.resolved(path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ModelFileError.missing(path: path, lookedFor: [])
    }
    if isFolder.boolValue {
      let isPipeline = FileManager.default.fileExists(atPath: "\(path)/vae/config.json")
      let folder = NetworkFolder(path: isPipeline ? "\(path)/vae" : path)
      let configuration = try DiffusersConfiguration(path: folder.configurationPath)
        .known(&notes) { try AutoencoderKL.Configuration(diffusers: $0) }
      return NetworkFiles(configuration, try OlderNames.autoencoder(folder.tensors()))
    }
    if PickleFile.isAt(path) { throw ModelFileError.pickle(path: path) }
    let tensors = try tensors(SafetensorsFile(path: path))
    return NetworkFiles(try own ?? SingleFileShapes(tensors: tensors).autoencoderConfiguration(), tensors)
  }

  private static func tensors(_ file: SafetensorsFile) throws -> any TensorSource {
    let names = file.entries.map(\.name)
    if names.contains(where: { $0.contains("_blocks.") }) { return try OlderNames.autoencoder(file) }
    let isPart = names.contains { $0.hasPrefix(SingleFileAutoencoder.prefix) }
    return try SingleFileAutoencoder.tensors(file, prefix: isPart ? SingleFileAutoencoder.prefix : "")
  }
}
