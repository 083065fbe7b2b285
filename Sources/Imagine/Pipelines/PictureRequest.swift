import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupTensors

/// What a picture begins from.
public enum PictureSource: Sendable {
  /// Noise alone.
  case noise
  /// Another picture `[1, height, width, 3]` in [−1, 1], of which the settings' strength is made anew: image-to-image.
  case picture(Tensor)
  /// A picture of which the places where `mask`, `[1, height, width, 1]`, is 1 are made anew; all other pixels stay.
  case inpainting(Tensor, mask: Tensor)
  /// A small picture `[1, height, width, 3]` in [−1, 1] to enlarge, with noise of the settings' level.
  case enlarging(Tensor)
}

/// A map, such as edges or poses, that a ControlNet makes a picture follow.
public struct ControlMap: Sendable {
  /// The network that looks at the image.
  public var network: ControlNet
  /// `[1, height, width, 3]` in [0, 1], of the picture's size.
  public var image: Tensor
  /// The factor of what the network adds.
  public var scale: Float

  /// A map for a network; a scale of 1 is what it was trained with.
  public init(network: ControlNet, image: Tensor, scale: Float = 1) {
    (self.network, self.image, self.scale) = (network, image, scale)
  }
}

/// An order for a picture: settings, and in memory what their paths stand for.
public struct PictureRequest: Sendable {
  /// How to draw.
  public var settings: PictureSettings
  /// What to begin from.
  public var source = PictureSource.noise
  /// What leads the picture beside the prompt.
  public var controls: [ControlMap] = []
  /// Unit noise `[1, height, width, channels]` of the latents' size to begin from, instead of the seed's.
  public var initialNoise: Tensor?
  /// What the user should know of the files that it was read from.
  package internal(set) var notes: [String] = []

  /// A request with settings, from noise.
  public init(_ settings: PictureSettings) { self.settings = settings }

  /// A request with a prompt and the defaults, from noise.
  public init(prompt: String) { self.init(PictureSettings(prompt: prompt)) }

  /// The share of the source that is made anew.
  var strength: Double {
    let usual = PictureSettings.usualStrength
    return settings.strength ?? { if case .inpainting = source { usual.masked } else { usual.whole } }()
  }

  /// How much noise a small picture gets before it is enlarged.
  var noiseLevel: Int { settings.noiseLevel ?? PictureSettings.usualNoiseLevel }
}

/// A picture with what led to it.
public struct DrawnPicture: Sendable {
  /// `[1, height, width, 3]` in [0, 1].
  public var image: Tensor
  /// The final latents, as the U-Net sees them: `[1, height, width, channels]`.
  public var latents: Tensor
  /// Unit noise for pictures from noise, otherwise the latents before the first call.
  public var initialLatents: Tensor
}
