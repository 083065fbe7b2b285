import LineupDiffusion
import LineupFormats
import LineupLearning
import LineupNetworks

/// The settings of a diffusion model on pixels.
public struct PixelDiffusionOptions: Optimization, Codable, Sendable, Hashable {
  /// The U-Net. A preset fills what a file leaves out.
  public struct Network: Codable, Sendable, Hashable {
    public enum Preset: String, Codable, Sendable, CaseIterable {
      /// The notebook's network: 2,020,257 parameters at one channel.
      case seed
      /// A narrow one on 2×2 patches, for studies of minutes.
      case patch
    }

    public var preset: Preset
    /// The side of the square patches that become the channels of one position; 1 works on the pixels themselves.
    public var patch: Int
    /// Widths of the levels, outermost first; the resolution halves between them.
    public var channels: [Int]
    /// Residual blocks in each level on the way down.
    public var blocks: Int
    /// Groups of the group normalisation.
    public var groups: Int
    public var heads: Int
    /// Features of one attention head.
    public var headWidth: Int

    public init(
      preset: Preset, patch: Int, channels: [Int], blocks: Int, groups: Int, heads: Int, headWidth: Int
    ) {
      self.preset = preset
      self.patch = patch
      self.channels = channels
      self.blocks = blocks
      self.groups = groups
      self.heads = heads
      self.headWidth = headWidth
    }

    init(_ preset: Preset, _ shape: NotebookUNet.Configuration) {
      self.init(
        preset: preset, patch: shape.patch, channels: shape.channels, blocks: shape.blocks, groups: shape.groups,
        heads: shape.heads, headWidth: shape.headWidth)
    }

    public static let seed = Network(.seed, .seed)
    public static let patch = Network(.patch, .patch)

    /// The network's shape, without the name of the preset that it came from.
    public var configuration: NotebookUNet.Configuration {
      .init(patch: patch, channels: channels, blocks: blocks, groups: groups, heads: heads, headWidth: headWidth)
    }
  }

  public var batchSize = 32
  public var learningRate = 2e-3
  public var learningRateDecay = LearningRateSchedule.Decay.cosine
  /// The largest global norm of a gradient; 0 never clips.
  public var clipNorm = 1.0
  /// The decay of the moving average of the weights; 0 keeps none.
  public var average = 0.995
  public var network = Network.patch
  public var prediction = Prediction.v
  public var loss = DiffusionLoss.mse
  public var schedule = NoiseScheduleName.cosine
  public var timesteps = 1000
  public var sampler = SamplerOptions()
  /// Whether each training image is mirrored with probability one half.
  public var horizontalFlip = false

  public init() {}
}
