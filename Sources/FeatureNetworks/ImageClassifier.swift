import LineupFormats
import LineupKernels
import LineupNetworks
import LineupTensors

/// The network that measures: a small convolutional classifier whose last hidden layer is a feature space and whose
/// verdicts are counted for class coverage. It must never enter a loss; `PerceptualNetwork` is there for that.
package struct ImageClassifier: Classifier {
  /// `[height, width, channels]` of the images it was made for.
  package let imageShape: [Int]
  package let classCount: Int
  var convolution1: Convolution2D
  var convolution2: Convolution2D
  var hidden: Linear
  var output: Linear

  /// The number of features that `features(_:)` gives.
  package static let featureCount = 64

  package init(imageShape: [Int], classCount: Int, random: RandomStream) {
    require(
      imageShape.count == 3 && imageShape[0] >= 4 && imageShape[1] >= 4,
      "a classifier needs images [height, width, channels] of 4 × 4 pixels or more, not \(imageShape)")
    self.imageShape = imageShape
    self.classCount = classCount
    var stream = random.split("convolution1")
    convolution1 = Convolution2D(imageShape[2], to: 16, initializer: .heNormal, random: &stream)
    stream = random.split("convolution2")
    convolution2 = Convolution2D(16, to: 32, initializer: .heNormal, random: &stream)
    stream = random.split("hidden")
    let positions = imageShape[0] / 2 / 2 * (imageShape[1] / 2 / 2)
    hidden = Linear(positions * 32, to: Self.featureCount, initializer: .heNormal, random: &stream)
    stream = random.split("output")
    output = Linear(Self.featureCount, to: classCount, initializer: .lecunNormal, random: &stream)
  }

  /// The activations of the last hidden layer, none negative, `[batch, featureCount]`.
  package func features(_ images: Tensor) -> Tensor {
    require(
      Array(images.shape.dropFirst()) == imageShape,
      "a classifier of images \(imageShape) was given a tensor of shape \(images.shape)")
    let outer = relu(convolution1(images)).halved()
    let inner = relu(convolution2(outer)).halved()
    return relu(hidden(inner.reshaped(to: [images.shape[0], -1])))
  }

  package func scores(_ images: Tensor) -> Tensor { output(features(images)) }

  /// The class probabilities of features, `[batch, classCount]`.
  package func probabilities(ofFeatures features: Tensor) -> Tensor { output(features).softmax() }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("convolution1", &convolution1)
    visitor.child("convolution2", &convolution2)
    visitor.child("hidden", &hidden)
    visitor.child("output", &output)
  }
}
