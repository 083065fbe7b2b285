import Foundation
import LineupImagine

/// A picture drawn with a Stable Diffusion checkpoint, a folder in the layout of diffusers or a single file:
/// `swift run -c release lineup-example-draw MODEL "PROMPT" FILE.png [STEPS] [SEED]`.
@main struct Draw {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 3 else {
      print("usage: lineup-example-draw MODEL \"PROMPT\" FILE.png [STEPS] [SEED]")
      exit(2)
    }
    let model = try StableDiffusionModel(path: arguments[0])
    var settings = PictureSettings(prompt: arguments[1])
    if arguments.count > 3, let steps = Int(arguments[3]) { settings.steps = steps }
    let seed = arguments.count > 4 ? UInt64(arguments[4]) ?? 0 : 0

    let session = try DrawingSession(model, PictureRequest(settings))
    let drawn = try session.draw(seed: seed) { print("\($0.done) of \($0.total)") }
    let picture = Picture(unit: drawn.image)
    try Data(picture.png()).write(to: URL(fileURLWithPath: arguments[2]))
    print("\(arguments[2]) shows \(arguments[1]), \(picture.width) × \(picture.height) pixels")
  }
}
