import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupTensors

/// What a picture begins from.
public enum PictureSource: Sendable {
  /// Noise alone.
  case noise
  /// Another picture `[1, height, width, 3]` in [−1, 1], of which `strength` in (0, 1] is made anew: image-to-image.
  case picture(Tensor, strength: Double)
  /// A picture of which the places where `mask`, `[1, height, width, 1]`, is 1 are made anew; all other pixels stay.
  case inpainting(Tensor, mask: Tensor, strength: Double)
  /// A small picture `[1, height, width, 3]` in [−1, 1] to enlarge, with noise of a level of the low-resolution schedule.
  case enlarging(Tensor, noiseLevel: Int)
}

/// A map, such as edges or poses, that a ControlNet makes a picture follow.
public struct ControlMap: Sendable {
  public var network: ControlNet
  /// `[1, height, width, 3]` in [0, 1], of the picture's size.
  public var image: Tensor
  /// The factor of what the network adds.
  public var scale: Float

  public init(network: ControlNet, image: Tensor, scale: Float = 1) {
    (self.network, self.image, self.scale) = (network, image, scale)
  }
}

/// An order for a picture, apart from its seed. The defaults are those of Stable Diffusion's own scripts, with 30 steps.
public struct PictureRequest: Sendable {
  public var prompt: String
  public var negativePrompt = ""
  public var promptStyle = PromptStyle.plain
  /// How many of the text encoder's last layers are left out.
  public var clipSkip = 0
  public var steps = 30
  public var guidance = Guidance(scale: 7.5)
  /// `nil` takes the checkpoint's own, also below.
  public var scheduler: SchedulerName?
  public var karras: Bool?
  public var spacing: TimestepSpacing?
  /// The size of the picture in pixels; by default that of the checkpoint, or of the picture it begins from.
  public var height: Int?
  public var width: Int?
  public var source = PictureSource.noise
  public var controls: [ControlMap] = []
  /// Unit noise `[1, height, width, channels]` of the latents' size to begin from, instead of the seed's.
  public var initialNoise: Tensor?
  public var generator = TorchGenerator.Kind.torchCPU
  /// Whether latents pass the autoencoder in tiles with blended seams where they are larger than it was trained for.
  public var tiled = false

  public init(prompt: String) { self.prompt = prompt }
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
