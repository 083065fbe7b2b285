/// A colour of eight bits a channel.
public struct Colour: Sendable, Hashable {
  /// 0 to 255.
  public let red: UInt8
  /// 0 to 255.
  public let green: UInt8
  /// 0 to 255.
  public let blue: UInt8

  /// A colour by its three channels.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// A shade of grey, 0 black, 255 white.
  public init(grey: UInt8) {
    self.init(red: grey, green: grey, blue: grey)
  }

  /// All channels 255.
  public static let white = Colour(grey: 255)
  /// All channels 0.
  public static let black = Colour(grey: 0)
}

/// A raster of red, green and blue bytes, row by row from the top.
public struct Picture: Sendable, Equatable {
  /// Columns of pixels.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// `[height, width, 3]`
  public internal(set) var pixels: [UInt8]

  /// A picture of one colour.
  public init(width: Int, height: Int, colour: Colour = .white) {
    precondition(width > 0 && height > 0, "a picture needs pixels; \(width)×\(height) has none")
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: colour.red, count: width * height * 3)
    guard colour.green != colour.red || colour.blue != colour.red else { return }
    fill(x: 0, y: 0, width: width, height: height, colour)
  }

  /// A picture from pixels laid out as `[height, width, channels]`, where one channel is grey and three are colours.
  public init(_ values: some Collection<UInt8>, height: Int, width: Int, channels: Int) {
    precondition(width > 0 && height > 0, "a picture needs pixels; \(width)×\(height) has none")
    precondition(channels == 1 || channels == 3, "a picture is made of 1 or 3 channels, not \(channels)")
    precondition(
      values.count == height * width * channels,
      "\(values.count) bytes are not a picture of \(height)×\(width)×\(channels)")
    self.width = width
    self.height = height
    pixels = channels == 3 ? Array(values) : values.flatMap { [$0, $0, $0] }
  }

  /// The pictures of a batch laid out as `[count, height, width, channels]`.
  public static func pictures(_ values: [UInt8], height: Int, width: Int, channels: Int) -> [Picture] {
    let size = height * width * channels
    return stride(from: 0, to: values.count, by: size).map {
      Picture(values[$0..<min($0 + size, values.count)], height: height, width: width, channels: channels)
    }
  }

  /// Whether no pixel has any colour.
  public var isGrey: Bool {
    for place in stride(from: 0, to: pixels.count, by: 3) {
      let red = pixels[place]
      if pixels[place + 1] != red || pixels[place + 2] != red { return false }
    }
    return true
  }

  /// The colour at a place counted from the upper left corner.
  public subscript(x: Int, y: Int) -> Colour {
    let place = 3 * (y * width + x)
    return Colour(red: pixels[place], green: pixels[place + 1], blue: pixels[place + 2])
  }

  /// Every pixel as a square of `factor` × `factor`, so that single pixels can be seen.
  public func enlarged(by factor: Int) -> Picture {
    precondition(factor > 0, "a picture is enlarged by a positive factor, not \(factor)")
    guard factor > 1 else { return self }
    var larger = Picture(width: width * factor, height: height * factor)
    for y in 0..<larger.height {
      for x in 0..<larger.width {
        let from = 3 * (y / factor * width + x / factor)
        let to = 3 * (y * larger.width + x)
        for channel in 0..<3 { larger.pixels[to + channel] = pixels[from + channel] }
      }
    }
    return larger
  }

  /// Paints a rectangle; what lies outside the picture is left out.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
    for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
      for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
        let place = 3 * (row * self.width + column)
        pixels[place] = colour.red
        pixels[place + 1] = colour.green
        pixels[place + 2] = colour.blue
      }
    }
  }

  /// Lays another picture over this one, its upper left corner at (`x`, `y`); what lies outside is left out.
  public mutating func place(_ picture: Picture, x: Int, y: Int) {
    let from = max(0, -x)
    let length = min(picture.width, width - x) - from
    guard length > 0 else { return }
    for row in max(0, -y)..<max(0, -y, min(picture.height, height - y)) {
      let source = 3 * (row * picture.width + from)
      let target = 3 * ((y + row) * width + x + from)
      pixels.replaceSubrange(target..<target + 3 * length, with: picture.pixels[source..<source + 3 * length])
    }
  }

  /// Mixes a colour into one pixel; `share` 0 leaves it, 255 replaces it.
  package mutating func blend(_ colour: Colour, share: UInt8, x: Int, y: Int) {
    guard share > 0, x >= 0, y >= 0, x < width, y < height else { return }
    let place = 3 * (y * width + x)
    let (share, rest) = (Int(share), 255 - Int(share))
    for (channel, value) in [colour.red, colour.green, colour.blue].enumerated() {
      let sum: Int = Int(pixels[place + channel]) * rest + Int(value) * share
      pixels[place + channel] = UInt8((sum + 127) / 255)
    }
  }
}
