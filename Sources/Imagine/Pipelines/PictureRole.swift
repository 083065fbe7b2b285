import LineupFormats
import LineupSupport

/// What a picture file is for. In every role it is what diffusers' `load_image` gives: stored values, turned as the camera
/// was held, without transparency.
package enum PictureRole: String, Sendable, CaseIterable {
  case picture = "--image"
  case mask = "--mask"
  case control = "--control-image"

  /// Reads a file; `notes` gets what was dropped.
  ///
  /// - Throws: also where a mask says its places by transparency alone, which would redraw all of the picture or nothing.
  package func read(_ path: String, _ notes: inout [String]) throws(Fault) -> Picture {
    let decoded = try DecodedPicture(file: path)
    guard let opacity = decoded.opacity, let first = opacity.first, opacity.contains(where: { $0 < 255 }) else {
      return decoded.colours
    }
    if self == .mask {
      let places = decoded.colours.maskTensor.values
      if places.allSatisfy({ $0 == places[0] }), opacity.contains(where: { $0 != first }) {
        throw .malformed(
          path,
          found: "a mask that is \(places[0] == 1 ? "white" : "black") all over and has its shape in transparency",
          expected: "white where the picture is made anew and black elsewhere: transparency is dropped here, as in "
            + "diffusers")
      }
    }
    notes.append(
      "\(path): has transparent parts; for \(rawValue) the colours stored there count, and transparency is dropped.")
    return decoded.colours
  }
}
