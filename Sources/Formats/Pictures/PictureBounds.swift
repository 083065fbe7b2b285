import LineupSupport

/// How many pixels a picture file may announce before anything is reserved for them.
///
/// A real photograph takes at least a tenth of a byte a pixel; a small file that announces more is a guard's case, since
/// a megabyte can unpack to a hundred gigabytes.
enum PictureBounds {
  /// Files may announce as many whatever their size.
  private static let always = 25_000_000
  private static let most = 100_000_000
  /// Of more bytes no file is read: as many as the largest picture would take without any compression.
  static let largestFile = 4 * most

  /// Refuses a picture that announces no pixels, or absurdly many for a file of so many bytes.
  static func check(width: Int, height: Int, fileSize: Int, path: String) throws(Fault) {
    let limit = min(most, max(always, 10 * fileSize))
    guard width > 0, height > 0, width <= limit, height <= limit / width else {
      throw .malformed(
        path, found: "\(width)×\(height) pixels", expected: "1 to \(limit) pixels in a file of this size")
    }
  }
}
