import LineupTensors

/// Padding with black and cropping about the centre, for networks that want a power of two.
package enum CentredFrame {
  /// Cuts or pads each image to `height` × `width`, centred; where the difference is odd, the smaller share lies above
  /// and to the left. New pixels are 0.
  ///
  /// - Parameter pixels: `[count, from.height, from.width, channels]`
  package static func fit(
    _ pixels: [UInt8], from: (height: Int, width: Int), to: (height: Int, width: Int), channels: Int
  ) -> [UInt8] {
    let size = from.height * from.width * channels
    precondition(
      size > 0 && pixels.count.isMultiple(of: size),
      "\(pixels.count) bytes are not whole images of \(from.height)×\(from.width)×\(channels)")
    guard from != to else { return pixels }
    let count = pixels.count / size
    let rows = Overlap(from: from.height, to: to.height)
    let columns = Overlap(from: from.width, to: to.width)
    var output = [UInt8](repeating: 0, count: count * to.height * to.width * channels)
    for image in 0..<count {
      for row in 0..<rows.length {
        let source = ((image * from.height + rows.source + row) * from.width + columns.source) * channels
        let target = ((image * to.height + rows.target + row) * to.width + columns.target) * channels
        let length = columns.length * channels
        output.replaceSubrange(target..<target + length, with: pixels[source..<source + length])
      }
    }
    return output
  }

  /// Where two centred intervals lie on each other.
  private struct Overlap {
    let source: Int
    let target: Int
    let length: Int

    init(from: Int, to: Int) {
      source = max(0, (from - to) / 2)
      target = max(0, (to - from) / 2)
      length = min(from, to)
    }
  }
}

extension ImageSet {
  /// The same images cut or padded with black to `height` × `width` about the centre: 28 → 32 adds two pixels on each
  /// side, 32 → 28 takes them away again.
  public func fitted(height newHeight: Int, width newWidth: Int) -> ImageSet {
    guard newHeight != height || newWidth != width else { return self }
    return withPixels(
      height: newHeight, width: newWidth, channels: channels,
      CentredFrame.fit(pixels, from: (height, width), to: (newHeight, newWidth), channels: channels))
  }

  /// Grey images as three equal channels; images in colour stay as they are.
  public func inColour() -> ImageSet {
    guard channels == 1 else { return self }
    var colours: [UInt8] = []
    colours.reserveCapacity(3 * pixels.count)
    for pixel in pixels {
      colours.append(pixel)
      colours.append(pixel)
      colours.append(pixel)
    }
    return withPixels(height: height, width: width, channels: 3, colours)
  }

  /// The same images with other pixels.
  private func withPixels(height: Int, width: Int, channels: Int, _ pixels: [UInt8]) -> ImageSet {
    var set = ImageSet(
      name: name, height: height, width: width, channels: channels, pixels: pixels, labels: labels,
      classNames: classNames, captions: captions)
    set.files = files
    return set
  }
}
