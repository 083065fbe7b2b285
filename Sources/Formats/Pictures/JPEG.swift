import CLineupJPEG
import LineupSupport

/// Reading JPEG through libjpeg, with its own default settings: the pixels are those that Pillow gives.
extension DecodedPicture {
  /// Reads JPEG from memory; `path` only names the source in errors.
  init(jpeg bytes: [UInt8], path: String) throws(Fault) {
    let outcome = bytes.withUnsafeBufferPointer { Self.decodedJPEG($0, path: path) }
    self = try outcome.get()
  }

  private static func decodedJPEG(_ bytes: UnsafeBufferPointer<UInt8>, path: String) -> Result<Self, Fault> {
    guard let decoder = cjpeg_open(bytes.baseAddress, bytes.count) else {
      return .failure(.unreadable(path, "there is no memory to decode it"))
    }
    defer { cjpeg_close(decoder) }
    func failure(_ found: String, _ expected: String) -> Result<Self, Fault> {
      .failure(.malformed(path, found: found, expected: expected))
    }
    func damage() -> Result<Self, Fault> {
      failure("no valid JPEG (\(String(cString: cjpeg_error(decoder))))", "a JPEG file")
    }
    guard cjpeg_error(decoder).pointee == 0 else { return damage() }
    let (width, height) = (Int(cjpeg_width(decoder)), Int(cjpeg_height(decoder)))
    let channels = Int(cjpeg_components(decoder))
    do throws(Fault) {
      try PictureBounds.check(width: width, height: height, fileSize: bytes.count, path: path)
    } catch {
      return .failure(error)
    }
    guard [1, 3, 4].contains(channels) else {
      return failure("a JPEG picture of \(channels) channels", "1 channel of grey, 3 of colours or 4 of inks")
    }
    // Decoding drops the notes.
    var count = 0
    let exif = cjpeg_exif(decoder, &count)
    let orientation = Orientation(exif: UnsafeBufferPointer(start: exif, count: count))
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    guard cjpeg_decode(decoder, &pixels) != 0 else { return damage() }
    if channels == 4 { pixels = colours(ofInks: pixels) }
    return .success(
      Self(
        pixels, height: height, width: width, channels: channels == 4 ? 3 : channels,
        orientation: orientation))
  }

  /// Cyan, magenta, yellow and black as red, green and blue, by Pillow's rule and with its assumption that 255 is no ink,
  /// as Adobe's programs store it.
  private static func colours(ofInks inks: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: inks.count / 4 * 3) { colours, filled in
      inks.withUnsafeBufferPointer { inks in
        for pixel in 0..<inks.count / 4 {
          let light = Int(inks[4 * pixel + 3])
          for channel in 0..<3 {
            let ink = 255 - Int(inks[4 * pixel + channel])
            colours[3 * pixel + channel] = UInt8(light - (ink * light + 127) / 255)
          }
        }
      }
      filled = inks.count / 4 * 3
    }
  }
}
