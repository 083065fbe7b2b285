import CLineupGIF
import LineupSupport

/// A film as an animated GIF.
///
/// Grey films keep every shade, and films of at most 256 colours every colour; others are reduced to 256 chosen from all
/// frames together.
public struct GIFAnimation: Sendable {
  /// All of one size.
  public let frames: [Picture]
  /// How long each frame stays, in hundredths of a second.
  public let delays: [Int]
  /// How often to play; 0 is for ever.
  public let repetitions: Int

  /// - Parameters:
  ///   - delay: for every frame but the last, in hundredths of a second
  ///   - lastDelay: for the last frame, usually longer, so that the result can be looked at
  public init(frames: [Picture], delay: Int = 8, lastDelay: Int = 150, repetitions: Int = 0) {
    precondition(!frames.isEmpty, "a film needs at least one frame")
    precondition(
      frames.allSatisfy { $0.width == frames[0].width && $0.height == frames[0].height },
      "the frames of a film must have one size")
    self.frames = frames
    delays = [Int](repeating: delay, count: frames.count - 1) + [lastDelay]
    self.repetitions = repetitions
  }

  /// Writes the film, whole or not at all.
  package func write(to path: String) throws(Fault) {
    guard let bytes = encoded() else { throw .unwritable(path, "giflib could not encode the film") }
    try DurableFile.write(bytes, to: path)
  }

  /// The film as a GIF file, or nil where giflib refuses it, for example above 65,535 pixels a side.
  public func encoded() -> [UInt8]? {
    guard let palette = Palette(frames: frames) else { return nil }
    let sink = Sink()
    let opaque = Unmanaged.passUnretained(sink).toOpaque()
    var error: Int32 = 0
    let append: OutputFunc = { file, bytes, count in
      guard let file, let bytes, let user = file.pointee.UserData else { return 0 }
      let sink = Unmanaged<Sink>.fromOpaque(user).takeUnretainedValue()
      sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
      return count
    }
    return withExtendedLifetime(sink) {
      guard let file = EGifOpen(opaque, append, &error) else { return nil }
      let succeeded = write(into: file, palette: palette)
      return EGifCloseFile(file, &error) == GIF_OK && succeeded ? sink.bytes : nil
    }
  }

  private final class Sink {
    var bytes: [UInt8] = []
  }

  private func write(into file: UnsafeMutablePointer<GifFileType>, palette: Palette) -> Bool {
    let (width, height) = (Int32(frames[0].width), Int32(frames[0].height))
    let entries = palette.colours.map { GifColorType(Red: $0.red, Green: $0.green, Blue: $0.blue) }
    guard let map = GifMakeMapObject(Int32(entries.count), entries) else { return false }
    defer { GifFreeMapObject(map) }
    EGifSetGifVersion(file, true)
    guard EGifPutScreenDesc(file, width, height, 8, 0, map) == GIF_OK else { return false }
    guard frames.count == 1 || putRepetitions(file) else { return false }
    for (index, delay) in delays.enumerated() {
      // Delay in the two middle bytes; no transparency, and the next frame covers this one whole.
      let control: [UInt8] = [0x04, UInt8(truncatingIfNeeded: delay), UInt8(truncatingIfNeeded: delay >> 8), 0]
      guard
        EGifPutExtension(file, Int32(GRAPHICS_EXT_FUNC_CODE), 4, control) == GIF_OK,
        EGifPutImageDesc(file, 0, 0, width, height, false, nil) == GIF_OK
      else { return false }
      var codes = palette.codes[index]
      guard EGifPutLine(file, &codes, Int32(codes.count)) == GIF_OK else { return false }
    }
    return true
  }

  /// The application extension by which players know how often to repeat.
  private func putRepetitions(_ file: UnsafeMutablePointer<GifFileType>) -> Bool {
    let count: [UInt8] = [1, UInt8(truncatingIfNeeded: repetitions), UInt8(truncatingIfNeeded: repetitions >> 8)]
    return EGifPutExtensionLeader(file, Int32(APPLICATION_EXT_FUNC_CODE)) == GIF_OK
      && EGifPutExtensionBlock(file, 11, Array("NETSCAPE2.0".utf8)) == GIF_OK
      && EGifPutExtensionBlock(file, 3, count) == GIF_OK && EGifPutExtensionTrailer(file) == GIF_OK
  }

  /// The colours of a film and every frame in terms of them.
  private struct Palette {
    /// A power of two of them, as the format wants.
    var colours: [Colour]
    /// One index a pixel, for each frame.
    var codes: [[UInt8]]

    init?(frames: [Picture]) {
      if frames.allSatisfy(\.isGrey) {
        colours = (0...255).map { Colour(grey: UInt8($0)) }
        codes = frames.map { frame in stride(from: 0, to: frame.pixels.count, by: 3).map { frame.pixels[$0] } }
      } else if let exact = Palette(exactly: frames) {
        self = exact
      } else if let reduced = Palette(reducing: frames) {
        self = reduced
      } else {
        return nil
      }
    }

    /// Nil where the frames have more than 256 colours.
    private init?(exactly frames: [Picture]) {
      var numbers: [Colour: UInt8] = [:]
      colours = []
      codes = []
      for frame in frames {
        var code: [UInt8] = []
        code.reserveCapacity(frame.width * frame.height)
        for y in 0..<frame.height {
          for x in 0..<frame.width {
            let colour = frame[x, y]
            if let number = numbers[colour] {
              code.append(number)
              continue
            }
            guard colours.count < 256 else { return nil }
            numbers[colour] = UInt8(colours.count)
            code.append(UInt8(colours.count))
            colours.append(colour)
          }
        }
        codes.append(code)
      }
      while colours.count < 2 || colours.count & (colours.count - 1) != 0 { colours.append(.black) }
    }

    /// Median cut over all frames at once, so that nothing flickers.
    private init?(reducing frames: [Picture]) {
      let area = frames[0].width * frames[0].height
      let pixels = frames.flatMap(\.pixels)
      let planes = (0..<3).map { channel in stride(from: channel, to: pixels.count, by: 3).map { pixels[$0] } }
      var (red, green, blue) = (planes[0], planes[1], planes[2])
      var all = [UInt8](repeating: 0, count: area * frames.count)
      var map = [GifColorType](repeating: GifColorType(), count: 256)
      var size: Int32 = 256
      let result = GifQuantizeBuffer(
        UInt32(frames[0].width), UInt32(frames[0].height * frames.count), &size, &red, &green, &blue, &all, &map)
      guard result == GIF_OK else { return nil }
      colours = map.map { Colour(red: $0.Red, green: $0.Green, blue: $0.Blue) }
      codes = frames.indices.map { Array(all[$0 * area..<($0 + 1) * area]) }
    }
  }
}
