extension NotebookUNet {
  /// What distinguishes one such network from another.
  public struct Configuration: Sendable, Hashable {
    /// The side of the square patches that become the channels of one position; 1 works on the pixels themselves.
    package var patch: Int
    /// Widths of the levels, outermost first; the resolution halves between them.
    package var channels: [Int]
    /// Residual blocks in each level on the way down.
    package var blocks: Int
    /// Groups of the group normalisation.
    package var groups: Int
    /// Heads of each attention.
    package var heads: Int
    /// Features of one attention head.
    package var headWidth: Int

    /// A shape, said member by member.
    public init(patch: Int, channels: [Int], blocks: Int, groups: Int, heads: Int, headWidth: Int) {
      (self.patch, self.channels, self.blocks) = (patch, channels, blocks)
      (self.groups, self.heads, self.headWidth) = (groups, heads, headWidth)
    }

    /// The notebook's own network: 2,020,257 parameters at one channel.
    public static let seed = Configuration(
      patch: 1, channels: [28, 56, 112], blocks: 2, groups: 4, heads: 4, headWidth: 32)
    /// Narrow in the outer level, where most of the work is: at equal work more steps count for more than width.
    public static let patch = Configuration(
      patch: 2, channels: [16, 32], blocks: 1, groups: 8, heads: 2, headWidth: 8)

    /// The number that the sides of images must be a multiple of.
    package var sideMultiple: Int { patch << (channels.count - 1) }

    /// Why this network cannot be built for images `[height, width, channels]`, in a sentence; nil where it can.
    package func problem(sampleShape: [Int]) -> String? {
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
}
