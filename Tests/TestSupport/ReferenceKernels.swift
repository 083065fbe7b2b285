import LineupKernels

/// Plain loops in double precision that every fast kernel is held against.
package enum ReferenceKernels {
  /// Calls `body(input offset, weight offset, output offset)` for each multiply-add of a convolution that is not padding.
  private static func forEachTerm(_ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void) {
    for image in 0..<g.batch {
      for oy in 0..<g.outputHeight {
        for ox in 0..<g.outputWidth {
          for ky in 0..<g.kernelHeight {
            for kx in 0..<g.kernelWidth {
              let y = oy * g.strideHeight + ky - g.padTop
              let x = ox * g.strideWidth + kx - g.padLeft
              guard (0..<g.inputHeight).contains(y), (0..<g.inputWidth).contains(x) else { continue }
              let input = ((image * g.inputHeight + y) * g.inputWidth + x) * g.inputChannels
              let weight = (ky * g.kernelWidth + kx) * g.inputChannels * g.outputChannels
              let output = ((image * g.outputHeight + oy) * g.outputWidth + ox) * g.outputChannels
              for i in 0..<g.inputChannels {
                for o in 0..<g.outputChannels { body(input + i, weight + i * g.outputChannels + o, output + o) }
              }
            }
          }
        }
      }
    }
  }

  /// Output [b, oh, ow, cout] of a convolution of input [b, ih, iw, cin] with weight [kh, kw, cin, cout].
  package static func convolve(
    _ g: ConvolutionGeometry, input: [Float], weight: [Float], bias: [Float]? = nil
  ) -> [Double] {
    var output = [Double](repeating: 0, count: g.batch * g.outputHeight * g.outputWidth * g.outputChannels)
    if let bias { for index in output.indices { output[index] = Double(bias[index % g.outputChannels]) } }
    output.withUnsafeMutableBufferPointer { output in
      forEachTerm(g) { output[$2] += Double(input[$0]) * Double(weight[$1]) }
    }
    return output
  }

  /// Gradient [b, ih, iw, cin] of a convolution in its input.
  package static func convolveInputGradient(
    _ g: ConvolutionGeometry, outputGradient: [Float], weight: [Float]
  ) -> [Double] {
    var gradient = [Double](repeating: 0, count: g.batch * g.inputHeight * g.inputWidth * g.inputChannels)
    gradient.withUnsafeMutableBufferPointer { gradient in
      forEachTerm(g) { gradient[$0] += Double(outputGradient[$2]) * Double(weight[$1]) }
    }
    return gradient
  }

  /// Gradient [kh, kw, cin, cout] of a convolution in its weight.
  package static func convolveWeightGradient(
    _ g: ConvolutionGeometry, input: [Float], outputGradient: [Float]
  ) -> [Double] {
    var gradient = [Double](repeating: 0, count: g.kernelHeight * g.kernelWidth * g.inputChannels * g.outputChannels)
    gradient.withUnsafeMutableBufferPointer { gradient in
      forEachTerm(g) { gradient[$1] += Double(input[$0]) * Double(outputGradient[$2]) }
    }
    return gradient
  }

  /// C [m, n] = op(A) op(B) for packed row-major matrices.
  package static func multiply(
    m: Int, n: Int, k: Int, a: [Float], transposeA: Bool, b: [Float], transposeB: Bool
  ) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    for row in 0..<m {
      for column in 0..<n {
        for inner in 0..<k {
          let left = a[transposeA ? inner * m + row : row * k + inner]
          let right = b[transposeB ? column * k + inner : inner * n + column]
          c[row * n + column] += Double(left) * Double(right)
        }
      }
    }
    return c
  }

  /// Largest difference as a share of the largest reference value; infinite where a value is not finite.
  package static func relativeError(_ values: [Float], _ reference: [Double]) -> Double {
    precondition(values.count == reference.count, "Compared \(values.count) values with \(reference.count).")
    var difference = 0.0
    var size = 1e-30
    for (value, expected) in zip(values, reference) {
      guard value.isFinite else { return .infinity }
      difference = max(difference, (Double(value) - expected).magnitude)
      size = max(size, expected.magnitude)
    }
    return difference / size
  }
}
