/// How a camera was held, by the tag 0x0112 of EXIF: which way to turn the stored rows and columns.
enum Orientation: Int, Sendable {
  case upright = 1
  case mirrored, upsideDown, flipped, transposed, turnedRight, transversed, turnedLeft

  /// What a block of EXIF says; upright where it says nothing that can be read.
  ///
  /// - Parameter exif: from the byte order on, with or without the six bytes `Exif\0\0` before it
  init(exif: some Collection<UInt8>) {
    var bytes = Array(exif)
    if bytes.starts(with: Array("Exif\0\0".utf8)) { bytes.removeFirst(6) }
    self = Self.number(in: bytes).flatMap(Orientation.init(rawValue:)) ?? .upright
  }

  /// The value of the tag in the first directory (TIFF 6.0, section 2).
  private static func number(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return nil }
    let isLittle = bytes[0] == 0x49
    func number(at place: Int, count: Int) -> Int? {
      guard place >= 0, place <= bytes.count - count else { return nil }
      let part = bytes[place..<place + count]
      return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, count: 2) == 42, let directory = number(at: 4, count: 4),
      let entries = number(at: directory, count: 2)
    else { return nil }
    for entry in 0..<entries {
      let place = directory + 2 + 12 * entry
      guard let tag = number(at: place, count: 2), let kind = number(at: place + 2, count: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // A byte, two bytes or four bytes without a sign.
      let sizes = [1: 1, 3: 2, 4: 4]
      return sizes[kind].flatMap { number(at: place + 8, count: $0) }
    }
    return nil
  }

  /// Whether width and height change places.
  var swapsSides: Bool { rawValue >= 5 }

  /// The pixels upright; `width` and `height` are those of the stored picture.
  func turn(_ pixels: [UInt8], width: Int, height: Int, channels: Int) -> [UInt8] {
    let (newWidth, newHeight) = swapsSides ? (height, width) : (width, height)
    return [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { source in
        var place = 0
        for y in 0..<newHeight {
          for x in 0..<newWidth {
            let from = self.source(x, y, width: width, height: height)
            let start = (from.y * width + from.x) * channels
            for channel in 0..<channels { target[place + channel] = source[start + channel] }
            place += channels
          }
        }
      }
      filled = pixels.count
    }
  }

  /// Where the pixel at a place of the upright picture is stored.
  private func source(_ x: Int, _ y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch self {
    case .upright: (x, y)
    case .mirrored: (width - 1 - x, y)
    case .upsideDown: (width - 1 - x, height - 1 - y)
    case .flipped: (x, height - 1 - y)
    case .transposed: (y, x)
    case .turnedRight: (y, height - 1 - x)
    case .transversed: (width - 1 - y, height - 1 - x)
    case .turnedLeft: (width - 1 - y, x)
    }
  }
}
