import CLineupGIF
import LineupSupport

/// Reading the first frame of a GIF file through giflib.
extension DecodedPicture {
  /// Reads GIF from memory; `path` only names the source in errors.
  init(gif bytes: [UInt8], path: String) throws(Fault) {
    let outcome = bytes.withUnsafeBufferPointer { bytes -> Result<Self, Fault> in
      do throws(Fault) {
        let reader = try GIFReader(bytes, path: path)
        return .success(try reader.firstFrame())
      } catch {
        return .failure(error)
      }
    }
    self = try outcome.get()
  }
}

/// Walks over a GIF file up to the end of its first frame.
private final class GIFReader {
  /// What giflib has not taken yet.
  private final class Source {
    var rest: UnsafeBufferPointer<UInt8>
    init(_ rest: UnsafeBufferPointer<UInt8>) { self.rest = rest }
  }

  private let path: String
  private let size: Int
  private let source: Source
  private let file: UnsafeMutablePointer<GifFileType>
  /// The number that stands for nothing to be seen.
  private var transparent: UInt8?

  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws(Fault) {
    let source = Source(bytes)
    let read: InputFunc = { file, target, wanted in
      guard let file, let target, let user = file.pointee.UserData else { return 0 }
      let source = Unmanaged<Source>.fromOpaque(user).takeUnretainedValue()
      let part = source.rest.prefix(Int(wanted))
      _ = UnsafeMutableBufferPointer(start: target, count: part.count).update(fromContentsOf: part)
      source.rest = UnsafeBufferPointer(rebasing: source.rest.dropFirst(part.count))
      return Int32(part.count)
    }
    var error: Int32 = 0
    guard let file = DGifOpen(Unmanaged.passUnretained(source).toOpaque(), read, &error) else {
      throw Self.damage(path, error)
    }
    (self.path, self.source, self.file, size) = (path, source, file, bytes.count)
  }

  deinit {
    var error: Int32 = 0
    withExtendedLifetime(source) { _ = DGifCloseFile(file, &error) }
  }

  func firstFrame() throws(Fault) -> DecodedPicture {
    while true {
      var kind = UNDEFINED_RECORD_TYPE
      try check(DGifGetRecordType(file, &kind))
      switch kind {
      case IMAGE_DESC_RECORD_TYPE:
        try check(DGifGetImageDesc(file))
        return try picture()
      case EXTENSION_RECORD_TYPE: try readExtension()
      default: throw .malformed(path, found: "no picture", expected: "a GIF file with at least one frame")
      }
    }
  }

  /// Only the extension that names a transparent colour matters.
  private func readExtension() throws(Fault) {
    var code: Int32 = 0
    var block: UnsafeMutablePointer<GifByteType>?
    try check(DGifGetExtension(file, &code, &block))
    while let found = block {
      var control = GraphicsControlBlock()
      if code == GRAPHICS_EXT_FUNC_CODE, DGifExtensionToGCB(Int(found[0]), found + 1, &control) == GIF_OK {
        transparent = UInt8(exactly: control.TransparentColor)
      }
      try check(DGifGetExtensionNext(file, &block))
    }
  }

  /// The frame on its canvas. What it leaves out is transparent, or the first colour where nothing is.
  private func picture() throws(Fault) -> DecodedPicture {
    let frame = file.pointee.Image
    let (left, top) = (Int(frame.Left), Int(frame.Top))
    let (columns, rows) = (Int(frame.Width), Int(frame.Height))
    let width = max(Int(file.pointee.SWidth), left + columns)
    let height = max(Int(file.pointee.SHeight), top + rows)
    try PictureBounds.check(width: width, height: height, fileSize: size, path: path)
    var codes = [UInt8](repeating: transparent ?? 0, count: width * height)
    guard left >= 0, top >= 0, columns > 0, rows > 0 else {
      throw .malformed(path, found: "a first frame of \(columns)×\(rows) pixels", expected: "a frame with pixels")
    }
    for row in Self.order(rows, isInterlaced: frame.Interlace) {
      let start = (top + row) * width + left
      let result = codes.withUnsafeMutableBufferPointer { codes in
        DGifGetLine(file, codes.baseAddress.map { $0 + start }, Int32(columns))
      }
      try check(result)
    }
    let colours = try colours(of: codes, map: frame.ColorMap ?? file.pointee.SColorMap)
    return DecodedPicture(
      colours: Picture(colours, height: height, width: width, channels: 3),
      opacity: transparent.map { transparent in codes.map { $0 == transparent ? 0 : 255 } })
  }

  /// Without a table of colours the numbers are shades of grey.
  private func colours(of codes: [UInt8], map: UnsafeMutablePointer<ColorMapObject>?) throws(Fault) -> [UInt8] {
    var table = (0...255).map { Colour(grey: UInt8($0)) }
    var known = 256
    if let map, let entries = map.pointee.Colors {
      known = Int(map.pointee.ColorCount)
      for index in 0..<min(256, known) {
        table[index] = Colour(red: entries[index].Red, green: entries[index].Green, blue: entries[index].Blue)
      }
    }
    if let wrong = codes.first(where: { $0 >= known && $0 != transparent }) {
      throw .malformed(path, found: "the colour number \(wrong)", expected: "one of the \(known) colours of its table")
    }
    return [UInt8](unsafeUninitializedCapacity: 3 * codes.count) { target, filled in
      for (index, code) in codes.enumerated() {
        let colour = table[Int(code)]
        target[3 * index] = colour.red
        target[3 * index + 1] = colour.green
        target[3 * index + 2] = colour.blue
      }
      filled = 3 * codes.count
    }
  }

  /// The rows in the order in which they are stored (GIF 89a, appendix E).
  private static func order(_ rows: Int, isInterlaced: Bool) -> [Int] {
    guard isInterlaced else { return Array(0..<rows) }
    return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { start, step in Array(stride(from: start, to: rows, by: step)) }
  }

  private func check(_ result: Int32) throws(Fault) {
    guard result == GIF_OK else { throw Self.damage(path, file.pointee.Error) }
  }

  private static func damage(_ path: String, _ code: Int32) -> Fault {
    let reason = GifErrorString(code).map { String(cString: $0) } ?? "unknown damage"
    return .malformed(path, found: "no valid GIF (\(reason))", expected: "a GIF file")
  }
}
