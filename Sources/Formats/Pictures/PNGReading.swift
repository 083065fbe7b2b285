import CLineupPNG
import LineupSupport

/// Reading PNG through libpng: stored values, without gamma.
extension DecodedPicture {
  /// Reads PNG from memory; `path` only names the source in errors.
  init(png bytes: [UInt8], path: String) throws(Fault) {
    let outcome = bytes.withUnsafeBufferPointer { Self.decodedPNG($0, path: path) }
    self = try outcome.get()
  }

  private static func decodedPNG(_ bytes: UnsafeBufferPointer<UInt8>, path: String) -> Result<Self, Fault> {
    guard let decoder = cpng_open(bytes.baseAddress, bytes.count) else {
      return .failure(.unreadable(path, "there is no memory to decode it"))
    }
    defer { cpng_close(decoder) }
    func damage() -> Result<Self, Fault> {
      let reason = String(cString: cpng_error(decoder))
      return .failure(.malformed(path, found: "no valid PNG (\(reason))", expected: "a PNG file"))
    }
    guard cpng_error(decoder).pointee == 0 else { return damage() }
    let (width, height) = (Int(cpng_width(decoder)), Int(cpng_height(decoder)))
    do throws(Fault) {
      try PictureBounds.check(width: width, height: height, fileSize: bytes.count, path: path)
    } catch {
      return .failure(error)
    }
    let channels = Int(cpng_channels(decoder))
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    guard cpng_decode(decoder, &pixels) != 0 else { return damage() }
    var count = 0
    let exif = UnsafeBufferPointer(start: cpng_exif(decoder, &count), count: count)
    return .success(
      Self(pixels, height: height, width: width, channels: channels, orientation: Orientation(exif: exif)))
  }
}
