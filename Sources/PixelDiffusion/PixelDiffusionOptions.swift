import DiffusionProcess
import Training

/// The settings of a diffusion model on pixels.
public struct PixelDiffusionOptions: Codable, Sendable, Hashable {
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

    /// The network of the seed's diffusion study.
    public static let seed = Network(
      preset: .seed, patch: 1, channels: [28, 56, 112], blocks: 2, groups: 4, heads: 4, headWidth: 32)
    /// Narrow in the outer level, where most of the work is: at equal work more steps count for more than width.
    public static let patch = Network(
      preset: .patch, patch: 2, channels: [16, 32], blocks: 1, groups: 8, heads: 2, headWidth: 8)

    /// The number that the sides of images must be a multiple of.
    var sideMultiple: Int { patch << (channels.count - 1) }

    /// Why this network cannot be built for images `[height, width, channels]`, in a sentence; nil where it can.
    public func problem(sampleShape: [Int]) -> String? {
      if channels.isEmpty { return "the network has no levels" }
      if let width = channels.first(where: { $0 % groups != 0 }) {
        return "a level of \(width) channels does not divide into \(groups) groups"
      }
      guard sampleShape.count == 3, sampleShape.prefix(2).allSatisfy({ $0 % sideMultiple == 0 }) else {
        return "images of shape \(sampleShape) do not fit \(channels.count) levels on patches of \(patch): their sides "
          + "must be multiples of \(sideMultiple)"
      }
      return nil
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
