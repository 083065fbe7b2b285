import LineupImagine

/// The picture that a checkpoint draws for a prompt, as the bytes of a PNG file.
func picture(_ prompt: String, checkpoint: String, seed: UInt64) throws -> [UInt8] {
  let session = try DrawingSession(try StableDiffusionModel(path: checkpoint), PictureRequest(prompt: prompt))
  return Picture(unit: try session.draw(seed: seed).image).png()
}
