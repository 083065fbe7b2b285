import CLineupKernels

/// Linear attention of the pixels of images `input` `[batch, pixels, channels]`, whose queries, keys and values are the
/// products with `weight` `[channels, 3 · heads · width]`: of each head, `softmax(q) · (softmax(k)ᵀ · v) / √width`, queries
/// normalised over features, keys over pixels. `output` is `[batch, pixels, heads · width]`, overwritten.
///
/// Queries, keys and values are several times as wide as the input, so they are made of one head and image at a time, in
/// the caches, and on the way back made again.
///
/// - Parameter statistics: `statisticsCount` floats, overwritten, which `attendLinearlyGradient` needs.
package func attendLinearly(
  _ g: LinearAttentionGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  output: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: g.projectionMultiplyAdds + 2 * g.multiplyAdds)
  let weights = g.weightsOfHeads(weight)
  Threads.forEach(g.pixels > 0 ? g.batch * g.heads : 0) { task in
    let (image, head) = task.quotientAndRemainder(dividingBy: g.heads)
    var c = g.head
    let queries = g.project(image, head, input, weights)
    ck_linear_attention_forward(
      &c, queries, queries + g.width, queries + 2 * g.width, output + g.outputPlace(image, head),
      statistics + g.statisticsPlace(image, head), Scratch.floats(Int(CK_LINEAR_ATTENTION_SCRATCH), for: .attention))
  }
}

/// The gradients of `attendLinearly` in input and weight, overwritten, from that of its output.
package func attendLinearlyGradient(
  _ g: LinearAttentionGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  statistics: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
  weightGradient: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: 2 * g.projectionMultiplyAdds + 4 * g.multiplyAdds)
  let weights = g.weightsOfHeads(weight)
  let size = g.channels * 3 * g.width
  let parts = g.gradientParts
  let partials = Scratch.floats(parts * g.heads * size, for: .partialSums)
  partials.update(repeating: 0, count: parts * g.heads * size)
  Threads.forEach(parts) { part in
    for image in g.batch * part / parts..<g.batch * (part + 1) / parts {
      for head in 0..<g.heads {
        let projected = g.differentiate(
          image, head, input: input, weights: weights, statistics: statistics, outputGradient: outputGradient)
        let gradient = MatrixView(projected, columns: 3 * g.width)
        multiply(
          m: g.pixels, n: g.channels, k: 3 * g.width, gradient,
          MatrixView(weights + head * size, columns: 3 * g.width).transposed, from: head == 0 ? .zero : .result,
          into: inputGradient + g.inputPlace(image))
        multiply(
          m: g.channels, n: 3 * g.width, k: g.pixels,
          MatrixView(input + g.inputPlace(image), columns: g.channels).transposed, gradient, from: .result,
          into: partials + (part * g.heads + head) * size)
      }
    }
  }
  for part in 1..<max(1, parts) { ck_add(partials, partials + part * g.heads * size, g.heads * size) }
  g.forEachWeightRow { packed, place in
    weightGradient.advanced(by: place).update(from: partials + packed, count: g.width)
  }
}

extension LinearAttentionGeometry {
  /// Groups of images whose weight gradients are added up apart; a constant, so that the order of sums is one too.
  private static let maximumParts = 16

  fileprivate var gradientParts: Int { max(1, min(batch, Self.maximumParts)) }

  fileprivate var head: ck_linear_attention {
    ck_linear_attention(
      pixels: pixels, width: width, input_row: 3 * width, output_row: heads * width,
      scale: 1 / Float(width).squareRoot(), lanes: Int32(lanes))
  }

  fileprivate func inputPlace(_ image: Int) -> Int { image * pixels * channels }

  fileprivate func outputPlace(_ image: Int, _ head: Int) -> Int { (image * pixels * heads + head) * width }

  fileprivate func statisticsPlace(_ image: Int, _ head: Int) -> Int { (image * heads + head) * (width + 2) * width }

  /// Calls `body` with the place of each run of `width` weights in the matrices of heads and in the one matrix of all.
  fileprivate func forEachWeightRow(_ body: (_ packed: Int, _ place: Int) -> Void) {
    for head in 0..<heads {
      for channel in 0..<channels {
        for part in 0..<3 {
          body(((head * channels + channel) * 3 + part) * width, ((channel * 3 + part) * heads + head) * width)
        }
      }
    }
  }

  /// The weights as a matrix `[channels, 3 · width]` for each head, in scratch.
  fileprivate func weightsOfHeads(_ weight: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> {
    let weights = Scratch.floats(channels * 3 * heads * width, for: .transformedWeight)
    forEachWeightRow { packed, place in weights.advanced(by: packed).update(from: weight + place, count: width) }
    return weights
  }

  /// Queries, keys and values of one head and image, `[pixels, 3 · width]`, in scratch.
  fileprivate func project(
    _ image: Int, _ head: Int, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    let projected = Scratch.floats(pixels * 3 * width, for: .transformedInput)
    multiply(
      m: pixels, n: 3 * width, k: channels, MatrixView(input + inputPlace(image), columns: channels),
      MatrixView(weights + head * channels * 3 * width, columns: 3 * width), into: projected)
    return UnsafePointer(projected)
  }

  /// The gradients of queries, keys and values of one head and image, `[pixels, 3 · width]`, in scratch.
  fileprivate func differentiate(
    _ image: Int, _ head: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    statistics: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    let queries = project(image, head, input, weights)
    let gradient = Scratch.floats(pixels * 3 * width, for: .transformedOutput)
    var c = self.head
    guard pixels > 0 else { return UnsafePointer(gradient) }
    ck_linear_attention_gradient(
      &c, queries, queries + width, queries + 2 * width, statistics + statisticsPlace(image, head),
      outputGradient + outputPlace(image, head), gradient, gradient + width, gradient + 2 * width,
      Scratch.floats(Int(CK_LINEAR_ATTENTION_SCRATCH), for: .attention))
    return UnsafePointer(gradient)
  }
}
