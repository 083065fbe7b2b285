import LineupFormats
import LineupSupport
import LineupTensors

extension DrawingSession {
  /// Writes what led to pictures as safetensors, in the layouts of diffusers: `prompt_embeds` and `negative_prompt_embeds`
  /// `[1, tokens, width]`, and over all pictures `initial_latents`, `latents` `[count, channels, height, width]` and `image`
  /// `[count, 3, height, width]` in [0, 1].
  ///
  /// Initial latents are what diffusers' argument `latents` takes: unit noise, before a scheduler scales it; for pictures
  /// that begin from another one they are the latents before the first call.
  package func writeTensors(of pictures: [DrawnPicture], to path: String) throws(Fault) {
    var writer = SafetensorsWriter()
    writer.add("prompt_embeds", promptEmbeds)
    writer.add("negative_prompt_embeds", negativePromptEmbeds)
    for (name, tensors) in [
      ("initial_latents", pictures.map(\.initialLatents)), ("latents", pictures.map(\.latents)),
      ("image", pictures.map(\.image)),
    ] {
      writer.add(name, concatenated(tensors, along: 0).permuted([0, 3, 1, 2]))
    }
    try writer.write(to: path)
  }
}
