import CKernels

/// Geometry of linear attention over pixels: queries, keys and values side by side, `[batch, pixels, 3 · heads · width]`.
public struct LinearAttentionGeometry: Sendable, Hashable {
  public var batch: Int
  public var pixels: Int
  public var heads: Int
  /// Features of one head, at most `maximumWidth`.
  public var width: Int
  /// Vector length, for tests of those that this processor would not choose; 0 chooses.
  package var lanes = 0

  /// The widest head that the kernels take.
  public static let maximumWidth = Int(CK_LINEAR_ATTENTION_WIDTH)

  public init(batch: Int, pixels: Int, heads: Int, width: Int) {
    (self.batch, self.pixels, self.heads, self.width) = (batch, pixels, heads, width)
    require(
      heads > 0 && (1...Self.maximumWidth).contains(width),
      "Linear attention needs a head and 1 to \(Self.maximumWidth) features, not \(heads) heads of \(width) features.")
  }

  /// Multiply-adds of one of the products: two forward, four backward.
  public var multiplyAdds: Int { batch * heads * pixels * width * width }

  /// Numbers kept for the way back: for each head its context, and two for each feature.
  public var statisticsCount: Int { batch * heads * statisticsOfHead }

  private var statisticsOfHead: Int { (width + 2) * width }

  /// Runs `body` for groups of heads: all of an image, whose rows are then read whole, unless the batch is small. Each head
  /// has the same bits in any group.
  fileprivate func forEachGroup(_ body: (inout ck_linear_attention, Group, UnsafeMutablePointer<Float>) -> Void) {
    guard pixels > 0 else { return }
    let held = batch < 8 ? 1 : heads
    let groups = heads / held
    Threads.forEach(batch * groups) { task in
      let (image, head) = (task / groups, task % groups * held)
      var c = ck_linear_attention(
        pixels: pixels, heads: held, width: width, input_row: 3 * heads * width, output_row: heads * width,
        scale: 1 / Float(width).squareRoot(), lanes: Int32(lanes))
      let place = Group(
        input: image * pixels * 3 * heads * width + head * width, output: (image * pixels * heads + head) * width,
        statistics: (image * heads + head) * statisticsOfHead)
      let scratch = Scratch.floats(ck_linear_attention_scratch(&c), for: .attention)
      body(&c, place, scratch)
    }
  }

  /// Where the numbers of some heads of one image begin.
  fileprivate struct Group {
    var input: Int
    var output: Int
    var statistics: Int
  }
}

/// Linear attention, `softmax(q) · (softmax(k)ᵀ · v) / √width` with queries normalised over features and keys over pixels,
/// of each head: `output` is `[batch, pixels, heads · width]`, overwritten.
///
/// - Parameter statistics: `statisticsCount` floats, overwritten, which `attendLinearlyGradient` needs.
public func attendLinearly(
  _ g: LinearAttentionGeometry, _ projection: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
  statistics: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: 2 * g.multiplyAdds)
  let inner = g.heads * g.width
  g.forEachGroup { c, place, scratch in
    let queries = projection + place.input
    ck_linear_attention_forward(
      &c, queries, queries + inner, queries + 2 * inner, output + place.output, statistics + place.statistics, scratch)
  }
}

/// The gradient of `attendLinearly` in the projection, overwritten, from that of its output.
public func attendLinearlyGradient(
  _ g: LinearAttentionGeometry, _ projection: UnsafePointer<Float>, statistics: UnsafePointer<Float>,
  outputGradient: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: 4 * g.multiplyAdds)
  let inner = g.heads * g.width
  g.forEachGroup { c, place, scratch in
    let queries = projection + place.input
    let queryGradient = gradient + place.input
    ck_linear_attention_gradient(
      &c, queries, queries + inner, queries + 2 * inner, statistics + place.statistics, outputGradient + place.output,
      queryGradient, queryGradient + inner, queryGradient + 2 * inner, scratch)
  }
}
