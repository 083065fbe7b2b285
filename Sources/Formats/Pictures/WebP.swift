import CLineupWebP
import LineupSupport

/// Reading WebP, lossy and lossless, through libwebp; of a film the first frame.
extension DecodedPicture {
  /// Reads WebP from memory; `path` only names the source in errors.
  init(webP bytes: [UInt8], path: String) throws(Fault) {
    let outcome = bytes.withUnsafeBufferPointer { Self.decodedWebP($0, path: path) }
    self = try outcome.get()
  }

  private static func decodedWebP(_ bytes: UnsafeBufferPointer<UInt8>, path: String) -> Result<Self, Fault> {
    func damage(_ reason: String) -> Result<Self, Fault> {
      .failure(.malformed(path, found: "no valid WebP (\(reason))", expected: "a WebP file"))
    }
    var data = WebPData(bytes: bytes.baseAddress, size: bytes.count)
    guard let file = WebPDemux(&data) else { return damage("its parts do not fit together, or it was cut short") }
    defer { WebPDemuxDelete(file) }
    let (width, height) = (
      Int(WebPDemuxGetI(file, WEBP_FF_CANVAS_WIDTH)), Int(WebPDemuxGetI(file, WEBP_FF_CANVAS_HEIGHT))
    )
    do throws(Fault) {
      try PictureBounds.check(width: width, height: height, fileSize: bytes.count, path: path)
    } catch {
      return .failure(error)
    }
    var frame = WebPIterator()
    guard WebPDemuxGetFrame(file, 1, &frame) != 0 else { return damage("it holds no picture") }
    defer { WebPDemuxReleaseIterator(&frame) }
    let (x, y) = (Int(frame.x_offset), Int(frame.y_offset))
    guard x >= 0, y >= 0, x + Int(frame.width) <= width, y + Int(frame.height) <= height else {
      return damage("its first frame lies outside the picture")
    }
    let isOpaque = WebPDemuxGetI(file, WEBP_FF_FORMAT_FLAGS) & ALPHA_FLAG.rawValue == 0
    let channels = isOpaque ? 3 : 4
    let row = width * channels
    // What the first frame of a film leaves out is transparent, or black where the film has no opacity.
    var pixels = [UInt8](repeating: 0, count: row * height)
    let decoded = pixels.withUnsafeMutableBufferPointer { pixels in
      let start = y * row + x * channels
      let target = pixels.baseAddress.map { $0 + start }
      let decode = isOpaque ? WebPDecodeRGBInto : WebPDecodeRGBAInto
      return decode(frame.fragment.bytes, frame.fragment.size, target, pixels.count - start, Int32(row))
    }
    guard decoded != nil else { return damage("its pixels are damaged or cut short") }
    return .success(
      Self(pixels, height: height, width: width, channels: channels, orientation: orientation(of: file)))
  }

  private static func orientation(of file: OpaquePointer) -> Orientation {
    var chunk = WebPChunkIterator()
    guard WebPDemuxGetChunk(file, "EXIF", 1, &chunk) != 0 else { return .upright }
    defer { WebPDemuxReleaseChunkIterator(&chunk) }
    return Orientation(exif: UnsafeBufferPointer(start: chunk.chunk.bytes, count: chunk.chunk.size))
  }
}
