import Foundation
import LineupFormats
import LineupSupport
import LineupTensors

/// Pictures of one seed after the other with the same settings, each written into a file that remembers them.
package struct PictureSeries: Sendable {
  package var settings: PictureSettings
  /// The file of the picture; of several, their numbers are put before the ending.
  package var output: String
  package var count: Int
  /// Where to write embeddings, latents and images as tensors.
  package var tensors: String?
  /// Whether to write every few seconds, beside the output, what there is of a picture so far.
  package var previews = false

  /// What happens on the way.
  package enum Event: Sendable {
    /// What the user should know, such as words that were left out.
    case note(String)
    /// The network was called: `done` of `total` times for the picture `number` of those in the series. `remaining`, in
    /// seconds, is known from the second call on.
    case called(number: Int, done: Int, total: Int, remaining: Double?)
    /// A picture was written after `calls` of the network and as many seconds.
    case drawn(path: String, seed: UInt64, calls: Int, seconds: Double)
  }

  /// Seconds between two previews; each takes as long as decoding the picture.
  private static let previewInterval = 10.0

  package init(_ settings: PictureSettings, output: String, count: Int = 1) {
    (self.settings, self.output, self.count) = (settings, output, count)
  }

  /// Draws all pictures. `version` is that of the program, for the notes in the files.
  package func draw(version: String, report: (Event) -> Void) throws {
    let model = try StableDiffusionModel(settings) { report(.note($0)) }
    let session = try DrawingSession(model, PictureRequest(reading: settings, for: model))
    for note in session.notes { report(.note(note)) }
    var kept: [DrawnPicture] = []
    for index in 0..<count {
      var settings = session.settings
      settings.seed &+= UInt64(index)
      settings.version = version
      let path = path(of: index)
      let start = Self.now
      var calls = 0
      var preview = Preview(session: session, path: previews ? Self.path(path, with: ".preview") : nil, last: start)
      var firstDone: Double?
      let picture = try session.draw(seed: settings.seed) { progress in
        calls = progress.total
        // The first call is slower than the others.
        let remaining = firstDone.map {
          (Self.now - $0) / Double(progress.done - 1) * Double(progress.total - progress.done)
        }
        firstDone = firstDone ?? Self.now
        report(.called(number: index + 1, done: progress.done, total: progress.total, remaining: remaining))
        if progress.done < progress.total { try preview.update(progress.latents) }
      }
      try Picture(unit: picture.image).writePNG(to: path, notes: settings.pngNotes)
      preview.remove()
      report(.drawn(path: path, seed: settings.seed, calls: calls, seconds: Self.now - start))
      if tensors != nil { kept.append(picture) }
    }
    if let tensors { try session.writeTensors(of: kept, to: tensors) }
  }

  /// The file of one of the pictures.
  private func path(of index: Int) -> String { count == 1 ? output : Self.path(output, with: "-\(index + 1)") }

  /// A path with something put before its ending.
  private static func path(_ path: String, with suffix: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return path + suffix }
    return path[..<dot] + suffix + path[dot...]
  }

  private static var now: Double { Clock.seconds }

  /// The file that shows a picture before it is done.
  private struct Preview {
    let session: DrawingSession
    let path: String?
    var last: Double

    mutating func update(_ latents: Tensor) throws {
      guard let path, PictureSeries.now - last >= PictureSeries.previewInterval else { return }
      try Picture(unit: session.preview(latents)).writePNG(to: path)
      last = PictureSeries.now
    }

    /// Also one that an earlier call left.
    func remove() {
      if let path { try? Folder.remove(path) }
    }
  }
}
