import LineupSupport

/// What a picture file stores: colours of eight bits a channel and, where the file has it, the opacity of each pixel.
///
/// The values are those that Pillow's `convert("RGB")` and `exif_transpose` give: palettes looked up, fewer bits
/// stretched, of sixteen the upper eight, no gamma applied, and turned as the file says that the camera was held.
package struct DecodedPicture: Sendable, Equatable {
  /// The colours without regard to opacity, also where nothing can be seen.
  package private(set) var colours: Picture
  /// `[height, width]`, 0 where nothing can be seen; nil where the file holds no opacity.
  package private(set) var opacity: [UInt8]?

  package init(colours: Picture, opacity: [UInt8]? = nil) {
    precondition(
      opacity == nil || opacity?.count == colours.width * colours.height,
      "\(opacity?.count ?? 0) opacities are not one for each of \(colours.width)×\(colours.height) pixels")
    (self.colours, self.opacity) = (colours, opacity)
  }

  /// Reads a picture file of any format that is known here; its first bytes say which it is, not its name.
  package init(file path: String) throws(Fault) {
    try self.init(try WholeFile.read(path, atMost: PictureBounds.largestFile), path: path)
  }

  /// Reads a picture from memory; `path` only names the source in errors.
  package init(_ bytes: [UInt8], path: String) throws(Fault) {
    let format = PictureFormat(of: bytes)
    guard let format, let decode = format.decode else {
      let found =
        format.map { "a file in the format \($0.name)" }
        ?? (bytes.isEmpty ? "an empty file" : "a file that begins with \(Self.described(bytes.prefix(8)))")
      throw .malformed(path, found: found, expected: "a \(PictureFormat.readable) file")
    }
    self = try decode(bytes, path)
  }

  /// Pixels laid out as `[height, width, 3 or 4]`, red, green and blue, then opacity.
  init(_ pixels: [UInt8], height: Int, width: Int, channels: Int, orientation: Orientation) {
    let upright =
      channels == 4
      ? Self(splitting: pixels, height: height, width: width)
      : Self(colours: Picture(pixels, height: height, width: width, channels: channels))
    self = upright.turned(orientation)
  }

  private init(splitting pixels: [UInt8], height: Int, width: Int) {
    let count = height * width
    var colours = Picture(width: width, height: height)
    var opacity = [UInt8](repeating: 0, count: count)
    pixels.withUnsafeBufferPointer { pixels in
      colours.pixels.withUnsafeMutableBufferPointer { colours in
        opacity.withUnsafeMutableBufferPointer { opacity in
          for index in 0..<count {
            for channel in 0..<3 { colours[3 * index + channel] = pixels[4 * index + channel] }
            opacity[index] = pixels[4 * index + 3]
          }
        }
      }
    }
    self.init(colours: colours, opacity: opacity)
  }

  private func turned(_ orientation: Orientation) -> Self {
    guard orientation != .upright else { return self }
    let (width, height) = (colours.width, colours.height)
    var turned = colours
    turned.pixels = orientation.turn(colours.pixels, width: width, height: height, channels: 3)
    let size = orientation.swapsSides ? (height, width) : (width, height)
    return Self(
      colours: Picture(turned.pixels, height: size.1, width: size.0, channels: 3),
      opacity: opacity.map { orientation.turn($0, width: width, height: height, channels: 1) })
  }

  /// The picture as it looks on paper of one colour; each value is rounded once, as Pillow's `paste` with a mask does it.
  package func picture(on paper: Colour = .white) -> Picture {
    guard let opacity else { return colours }
    var result = colours
    let paper = [paper.red, paper.green, paper.blue].map(Int.init)
    result.pixels.withUnsafeMutableBufferPointer { pixels in
      for (index, share) in opacity.enumerated() where share < 255 {
        for channel in 0..<3 {
          let place = 3 * index + channel
          let sum = Int(pixels[place]) * Int(share) + paper[channel] * (255 - Int(share))
          pixels[place] = UInt8((sum + 127) / 255)
        }
      }
    }
    return result
  }

  private static func described(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
