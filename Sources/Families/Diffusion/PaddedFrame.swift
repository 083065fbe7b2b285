import LineupFormats
import LineupKernels
import LineupTensors

/// The frame of background that brings images to a size which every level of the networks can halve.
///
/// Background is −1, the black of images in [−1, 1]; a zero would be grey.
package struct PaddedFrame: Sendable {
  /// `[height, width, channels]` without and with the frame.
  package let sampleShape: [Int]
  package let paddedShape: [Int]

  /// Sides are brought to multiples of `multiple`.
  package init(sampleShape: [Int], multiple: Int) {
    require(
      sampleShape.count == 3, "latent diffusion is for images [height, width, channels], not \(sampleShape)")
    self.sampleShape = sampleShape
    paddedShape =
      sampleShape.prefix(2).map { ($0 + multiple - 1) / multiple * multiple } + sampleShape.suffix(1)
  }

  /// The rows above the image and the columns to its left.
  package var top: Int { (paddedShape[0] - sampleShape[0]) / 2 }
  package var left: Int { (paddedShape[1] - sampleShape[1]) / 2 }

  /// Images `[batch, height, width, channels]` with the frame around them.
  package func padded(_ images: Tensor) -> Tensor {
    require(
      Array(images.shape.dropFirst()) == sampleShape,
      "images of shape \(images.shape) came to a model of images of shape \(sampleShape)")
    if paddedShape == sampleShape { return images }
    return (images + 1).paddedImages(
      top: top, bottom: paddedShape[0] - sampleShape[0] - top, left: left,
      right: paddedShape[1] - sampleShape[1] - left) - 1
  }

  /// The images inside the frame.
  package func cropped(_ images: Tensor) -> Tensor {
    images.sliced(1, top..<top + sampleShape[0]).sliced(2, left..<left + sampleShape[1])
  }
}
