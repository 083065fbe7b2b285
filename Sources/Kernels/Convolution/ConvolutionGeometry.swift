/// Geometry of a 2-D convolution over images `[batch, height, width, channels]` with weights `[kh, kw, in, out]`.
package struct ConvolutionGeometry: Sendable, Hashable {
  /// Images in a batch.
  package var batch: Int
  package var inputHeight: Int
  package var inputWidth: Int
  package var inputChannels: Int
  package var outputChannels: Int
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var strideHeight: Int
  package var strideWidth: Int
  /// Rows and columns of zeros around each image.
  package var padTop: Int
  package var padBottom: Int
  package var padLeft: Int
  package var padRight: Int

  package init(
    batch: Int, inputHeight: Int, inputWidth: Int, inputChannels: Int, outputChannels: Int, kernelHeight: Int,
    kernelWidth: Int, strideHeight: Int, strideWidth: Int, padTop: Int, padBottom: Int, padLeft: Int, padRight: Int
  ) {
    self.batch = batch
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.padTop = padTop
    self.padBottom = padBottom
    self.padLeft = padLeft
    self.padRight = padRight
    require(
      kernelHeight > 0 && kernelWidth > 0 && strideHeight > 0 && strideWidth > 0,
      "A convolution needs a kernel and strides of at least 1, not \(kernelHeight)×\(kernelWidth) with strides "
        + "\(strideHeight), \(strideWidth).")
    require(
      inputHeight + padTop + padBottom >= kernelHeight && inputWidth + padLeft + padRight >= kernelWidth,
      "A \(kernelHeight)×\(kernelWidth) kernel does not fit into a \(inputHeight)×\(inputWidth) image with padding "
        + "\(padTop), \(padBottom), \(padLeft), \(padRight).")
    require(
      padTop >= 0 && padBottom >= 0 && padLeft >= 0 && padRight >= 0,
      "Padding must not be negative: \(padTop), \(padBottom), \(padLeft), \(padRight).")
  }

  /// Rows of the output; kernel positions that would overhang the padded image are left out.
  package var outputHeight: Int { (inputHeight + padTop + padBottom - kernelHeight) / strideHeight + 1 }

  /// Columns of the output; kernel positions that would overhang the padded image are left out.
  package var outputWidth: Int { (inputWidth + padLeft + padRight - kernelWidth) / strideWidth + 1 }

  /// Multiply-adds of the direct algorithm, padding included; the same for all three directions.
  package var multiplyAdds: Int { outputPixels * patchLength * outputChannels }

  /// Output positions over the whole batch.
  var outputPixels: Int { batch * outputHeight * outputWidth }

  /// Floats that one output position sees: kh·kw·cin.
  var patchLength: Int { kernelHeight * kernelWidth * inputChannels }

  /// Whether patches lie in memory one after the other, so that the images are a matrix of them: 1×1 kernels, and kernels
  /// as large as the image.
  var patchesAreRows: Bool {
    guard padTop == 0, padBottom == 0, padLeft == 0, padRight == 0 else { return false }
    return kernelHeight == 1 && kernelWidth == 1 && strideHeight == 1 && strideWidth == 1
      || kernelHeight == inputHeight && kernelWidth == inputWidth
  }
}
