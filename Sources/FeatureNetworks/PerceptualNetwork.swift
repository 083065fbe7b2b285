import LineupNetworks
import LineupTensors

/// The network behind perceptual losses: convolutions at three resolutions, whose feature maps are compared. It is never
/// used to measure, and shares neither architecture nor seed with the network that is.
///
/// It has no fully connected layer before its head, so it takes images of any size.
package struct PerceptualNetwork: Classifier {
  package let channels: Int
  package let classCount: Int
  /// The first at the images' own size, each later one at half the size before it.
  var stages: [Convolution2D]
  var head: Linear

  static let widths = [16, 32, 64]

  package init(channels: Int, classCount: Int, random: RandomStream) {
    self.channels = channels
    self.classCount = classCount
    var stream = random.split("stages")
    stages = Self.widths.indices.map { index in
      Convolution2D(
        index == 0 ? channels : Self.widths[index - 1], to: Self.widths[index], stride: index == 0 ? 1 : 2,
        padding: .all(1), initializer: .heNormal, random: &stream)
    }
    stream = random.split("head")
    head = Linear(Self.widths[Self.widths.count - 1], to: classCount, initializer: .lecunNormal, random: &stream)
  }

  /// The feature maps `[batch, h, w, width]` of each stage, outermost first.
  package func featureMaps(_ images: Tensor) -> [Tensor] {
    var maps: [Tensor] = []
    for stage in stages { maps.append(leakyRelu(stage(maps.last ?? images), slope: 0.1)) }
    return maps
  }

  package func scores(_ images: Tensor) -> Tensor {
    let maps = featureMaps(images)
    return head(maps[maps.count - 1].mean(overAxes: [1, 2]))
  }

  /// How far two batches of images are apart, image by image, `[batch]`: the feature vectors of every position are scaled
  /// to length one, and their squared differences are averaged over positions and added up over the stages.
  ///
  /// This is the distance of Zhang et al. 2018 ("The unreasonable effectiveness of deep features as a perceptual metric",
  /// equation 1) with all channel weights one.
  package func distance(_ images: Tensor, _ others: Tensor) -> Tensor {
    let distances = zip(featureMaps(images), featureMaps(others)).map { a, b in
      square(a.withUnitVectors() - b.withUnitVectors()).sum(overAxes: [3]).mean(overAxes: [1, 2])
    }
    return distances.dropFirst().reduce(distances[0], +)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("stages", &stages)
    visitor.child("head", &head)
  }
}

extension Tensor {
  /// Vectors along the last axis scaled to length one; the summand keeps the derivative finite at zero.
  fileprivate func withUnitVectors() -> Tensor {
    self * rsqrt(square(self).sum(overAxes: [-1], keepingAxes: true) + 1e-6)
  }
}
