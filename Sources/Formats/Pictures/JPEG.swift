import CLineupJPEG
import LineupSupport

/// Reading JPEG through libjpeg, with its own default settings: the pixels are those that Pillow gives.
extension Picture {
  /// Reads a JPEG file of grey or of colours. A note in the file on how the camera was held is not obeyed.
  package init(jpegFile path: String) throws(Fault) {
    try self.init(jpeg: try WholeFile.read(path), path: path)
  }

  /// Reads JPEG from memory; `path` only names the source in errors.
  package init(jpeg bytes: [UInt8], path: String) throws(Fault) {
    let outcome = bytes.withUnsafeBufferPointer { Self.decodedJPEG($0, path: path) }
    self = try outcome.get()
  }

  private static func decodedJPEG(_ bytes: UnsafeBufferPointer<UInt8>, path: String) -> Result<Picture, Fault> {
    guard let decoder = cjpeg_open(bytes.baseAddress, bytes.count) else {
      return .failure(.unreadable(path, "there is no memory to decode it"))
    }
    defer { cjpeg_close(decoder) }
    func failure(_ found: String, _ expected: String) -> Result<Picture, Fault> {
      .failure(.malformed(path, found: found, expected: expected))
    }
    func damage() -> Result<Picture, Fault> {
      failure("no valid JPEG (\(String(cString: cjpeg_error(decoder))))", "a JPEG file")
    }
    guard cjpeg_error(decoder).pointee == 0 else { return damage() }
    let (width, height) = (Int(cjpeg_width(decoder)), Int(cjpeg_height(decoder)))
    let channels = Int(cjpeg_components(decoder))
    guard width * height <= largestPixelCount else {
      return failure("\(width)×\(height) pixels", "at most \(largestPixelCount) pixels")
    }
    guard channels == 1 || channels == 3 else {
      return failure("a JPEG picture of \(channels) channels", "1 channel of grey or 3 of colours")
    }
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    guard cjpeg_decode(decoder, &pixels) != 0 else { return damage() }
    return .success(Picture(pixels, height: height, width: width, channels: channels))
  }
}
