import LineupNetworks
import LineupTensors

/// A network that tells classes of images apart. What it is trained for is a means: its inner features are the end.
package protocol Classifier: Module {
  /// Scores of the classes, `[batch, classes]`, for images `[batch, height, width, channels]` in [−1, 1].
  func scores(_ images: Tensor) -> Tensor
}

extension Classifier {
  /// The class with the highest score for each image.
  package func classes(of images: Tensor) -> [Int32] { scores(images).indicesOfMaximum() }
}

extension Tensor {
  /// Images without their last row or column where a side is odd, averaged over blocks of 2 × 2 pixels.
  func halved() -> Tensor {
    sliced(1, 0..<shape[1] / 2 * 2).sliced(2, 0..<shape[2] / 2 * 2).averagePooled(by: 2)
  }
}
