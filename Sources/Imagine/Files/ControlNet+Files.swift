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
    let folder = NetworkFolder(path: path)
    let tensors = try folder.tensors()
    let configuration = try Configuration(diffusers: DiffusersConfiguration(path: folder.configurationPath))
    var random = RandomStream.forLoading
    self.init(configuration, random: &random)
    try DiffusersNames.unet(linearProjection: configuration.linearProjection).load(into: &self, from: tensors)
  }
}
