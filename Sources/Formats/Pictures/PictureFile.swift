import LineupSupport

/// Reading picture files as pictures without opacity: transparent parts lie on white.
extension Picture {
  /// Reads a picture file of any format that is known here; its first bytes say which it is, not its name.
  package init(file path: String) throws(Fault) {
    self = try DecodedPicture(file: path).picture()
  }

  /// Reads a PNG file of any kind.
  package init(pngFile path: String) throws(Fault) {
    try self.init(png: try WholeFile.read(path), path: path)
  }

  /// Reads PNG from memory; `path` only names the source in errors.
  package init(png bytes: [UInt8], path: String) throws(Fault) {
    self = try DecodedPicture(png: bytes, path: path).picture()
  }
}
