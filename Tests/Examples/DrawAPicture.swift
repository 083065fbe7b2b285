import Foundation
import LineupImagine

/// Draws two pictures with a checkpoint into a folder.
func drawAPicture(checkpoint: String, folder: URL) throws {
  let model = try StableDiffusionModel(path: checkpoint)
  var settings = PictureSettings(prompt: "a lighthouse in the fog")
  settings.steps = 25
  settings.guidance = 7

  let session = try DrawingSession(model, PictureRequest(settings))
  for seed in UInt64(1)...2 {
    let drawn = try session.draw(seed: seed) { print("\($0.done) of \($0.total)") }
    let png = Picture(unit: drawn.image).png()
    try Data(png).write(to: folder.appending(path: "lighthouse-\(seed).png"))
  }
}
