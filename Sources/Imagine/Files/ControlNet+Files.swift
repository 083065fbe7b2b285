import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors

extension ControlNet {
  /// Loads a network from a folder in the layout of diffusers: `config.json` and weights in safetensors.
  ///
  /// - Throws: `ModelFileError`, `DiffusersConfigurationError` or `Fault`, with all that does not fit.
  public init(path: String) throws {
    var notes: [String] = []
    try self.init(path: path, notes: &notes)
  }

  /// The same; `notes` gets a sentence for each setting that is not used.
  package init(path: String, notes: inout [String]) throws {
    let folder = NetworkFolder(path: try ModelCache.resolved(path))
    let tensors = try folder.tensors()
    let configuration = try DiffusersConfiguration(path: folder.configurationPath)
      .known(&notes) { try Configuration(diffusers: $0) }
    var random = RandomStream.forLoading
    self.init(configuration, random: &random)
    try DiffusersNames.unet(linearProjection: configuration.linearProjection).load(into: &self, from: tensors)
  }
}
