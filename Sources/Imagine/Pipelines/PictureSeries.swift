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
    let tensors = try tensors.map(WriteTarget.resolved)
    let files = try outputs()
    let model = try StableDiffusionModel(settings) { report(.note($0)) }
    let session = try DrawingSession(model, PictureRequest(reading: settings, for: model))
    for note in session.notes { report(.note(note)) }
    var kept: [DrawnPicture] = []
    for index in 0..<count {
      var settings = session.settings
      settings.seed &+= UInt64(index)
      settings.version = version
      let start = Self.now
      var calls = 0
      var preview = Preview(session: session, output: files[index], last: start)
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
      try files[index].format.write(Picture(unit: picture.image), notes: settings.notes, to: files[index].target)
      preview.remove()
      report(.drawn(path: path(of: index), seed: settings.seed, calls: calls, seconds: Self.now - start))
      if tensors != nil { kept.append(picture) }
    }
    if let tensors { try session.writeTensors(of: kept, to: tensors) }
  }

  /// One of the pictures' files.
  private struct Output {
    var format: PictureFormat
    /// Where the path leads.
    var target: String
    /// Where to show the picture before it is done.
    var preview: String?
  }

  /// All files that will be written, checked before work is spent on what goes into them.
  private func outputs() throws(Fault) -> [Output] {
    var outputs: [Output] = []
    for index in 0..<count {
      let path = path(of: index)
      outputs.append(
        Output(
          format: try PictureFormat(writing: path), target: try WriteTarget.resolved(path),
          preview: previews ? try WriteTarget.resolved(Self.path(path, with: ".preview")) : nil))
    }
    if let tensors = try tensors.map(WriteTarget.resolved), outputs.contains(where: { $0.target == tensors }) {
      throw Fault(.unwritable, file: tensors, cause: "both the picture and its tensors would be written there")
    }
    return outputs
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
    let output: Output
    var last: Double

    mutating func update(_ latents: Tensor) throws {
      guard let path = output.preview, PictureSeries.now - last >= PictureSeries.previewInterval else { return }
      try output.format.write(Picture(unit: session.preview(latents)), to: path)
      last = PictureSeries.now
    }

    /// Also one that an earlier call left.
    func remove() {
      if let path = output.preview { try? Folder.remove(path) }
    }
  }
}
