import CLineupKernels

/// The input gradient for images with few channels: each output position's patch of gradients by one product, then added
/// to where it belongs ("col2im"). The product's columns are taps × channels, so they fill vectors where channels do not.
struct ScatterConvolution {
  let g: ConvolutionGeometry

  init(_ g: ConvolutionGeometry) { self.g = g }

  /// - Parameter bias: [cin], added to each pixel of the result.
  func inputGradient(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>? = nil,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    let channels = g.inputChannels
    let transposed = Scratch.floats(g.patchLength * g.outputChannels, for: .transformedWeight)
    for row in 0..<g.patchLength {
      for o in 0..<g.outputChannels { transposed[o * g.patchLength + row] = weight[row * g.outputChannels + o] }
    }
    // A padded image takes all patches whole; its inside is the result.
    let paddedHeight = max((g.outputHeight - 1) * g.strideHeight + g.kernelHeight, g.padTop + g.inputHeight)
    let paddedWidth = max((g.outputWidth - 1) * g.strideWidth + g.kernelWidth, g.padLeft + g.inputWidth)
    let positions = g.outputHeight * g.outputWidth
    Threads.forEach(g.batch) { image in
      let patches = Scratch.floats(positions * g.patchLength, for: .transformedInput)
      multiply(
        m: positions, n: g.patchLength, k: g.outputChannels,
        MatrixView(outputGradient + image * positions * g.outputChannels, columns: g.outputChannels),
        MatrixView(transposed, columns: g.patchLength), into: patches)
      let padded = Scratch.floats(paddedHeight * paddedWidth * channels, for: .window)
      fill(padded, pixels: paddedHeight * paddedWidth, with: bias)
      ck_scatter_patches(
        patches, g.outputHeight, g.outputWidth, g.kernelHeight, g.kernelWidth * channels, g.strideHeight,
        g.strideWidth * channels, padded, paddedWidth * channels)
      ck_copy_window(
        padded, paddedHeight, paddedWidth, channels, g.padTop, g.inputHeight, g.padLeft, g.inputWidth,
        inputGradient + image * g.inputHeight * g.inputWidth * channels)
    }
  }

  private func fill(_ image: UnsafeMutablePointer<Float>, pixels: Int, with bias: UnsafePointer<Float>?) {
    let channels = g.inputChannels
    guard let bias else {
      image.update(repeating: 0, count: pixels * channels)
      return
    }
    for pixel in 0..<pixels { for channel in 0..<channels { image[pixel * channels + channel] = bias[channel] } }
  }
}
