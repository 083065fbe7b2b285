import LineupDatasets
import LineupFormats

/// A set of 8-bit images as they are measured: quantised, at the data's own size, `[count, height, width, channels]`.
package struct PixelBatch: Sendable, Equatable {
  package let height: Int
  package let width: Int
  /// 1 for grey, 3 for red, green and blue.
  package let channels: Int
  /// Channels last, 0 black, 255 full.
  package let pixels: [UInt8]

  package init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
    let size = height * width * channels
    precondition(channels == 1 || channels == 3, "images have one channel or three, not \(channels)")
    precondition(size > 0 && pixels.count % size == 0, "\(pixels.count) bytes are no whole number of images")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// The pixels of a data set.
  package init(_ set: ImageSet) {
    self.init(height: set.height, width: set.width, channels: set.channels, pixels: set.pixels)
  }

  /// The number of numbers in one image.
  package var imageSize: Int { height * width * channels }
  /// The number of images.
  package var count: Int { pixels.count / imageSize }

  /// Whether some image differs from the first.
  package var imagesDiffer: Bool {
    // An image equals the one before it where all bytes equal those one image earlier.
    pixels.indices.dropFirst(imageSize).contains { pixels[$0] != pixels[$0 - imageSize] }
  }

  /// The images of a range, in order.
  package func images(_ range: Range<Int>) -> PixelBatch {
    PixelBatch(
      height: height, width: width, channels: channels,
      pixels: Array(pixels[range.lowerBound * imageSize..<range.upperBound * imageSize]))
  }

  /// The images with the given numbers, in the given order.
  package func images(at indices: [Int]) -> PixelBatch {
    var picked: [UInt8] = []
    picked.reserveCapacity(indices.count * imageSize)
    for index in indices { picked.append(contentsOf: pixels[index * imageSize..<(index + 1) * imageSize]) }
    return PixelBatch(height: height, width: width, channels: channels, pixels: picked)
  }

  /// `count` images at even distances over the whole set, so that a set sorted by class is thinned fairly.
  package func evenlySpaced(_ count: Int) -> PixelBatch {
    count >= self.count ? self : images(at: evenlySpacedIndices(count, of: self.count))
  }

  /// Pixels as features on [0, 1], `[count, height · width · channels]`.
  package var features: FeatureMatrix {
    FeatureMatrix(rows: count, columns: imageSize, values: pixels.map { Double($0) / 255 })
  }

  /// One image as grey values.
  package func grey(_ index: Int) -> GreyImage {
    let start = index * imageSize
    guard channels == 3 else {
      return GreyImage(
        height: height, width: width, values: pixels[start..<start + imageSize].map { Double($0) / 255 })
    }
    let values = (0..<height * width).map { pixel in
      let place = start + 3 * pixel
      return (0.299 * Double(pixels[place]) + 0.587 * Double(pixels[place + 1]) + 0.114 * Double(pixels[place + 2]))
        / 255
    }
    return GreyImage(height: height, width: width, values: values)
  }
}
