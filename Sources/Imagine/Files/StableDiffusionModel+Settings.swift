extension StableDiffusionModel {
  /// The checkpoint that settings name, with what they change in its weights: words learned by textual inversion, low-rank
  /// adapters. `note` hears of what is not used.
  public init(_ settings: PictureSettings, note: (String) -> Void = { _ in }) throws {
    guard let path = settings.model else {
      throw PipelineError("The picture's settings name no checkpoint; give one with --model.")
    }
    try self.init(
      path: path, settings: settings.config, tokenizer: settings.tokenizer, autoencoder: settings.vae,
      prediction: settings.prediction)
    notes.forEach(note)
    for embedding in settings.embeddings {
      try text.add(TextualInversion(file: embedding.file, token: embedding.token))
    }
    for adapter in settings.loras {
      let report = try LoRA(path: adapter.file).merge(into: &unet, text: &text.encoder, scale: adapter.scale)
      if !report.unmatched.isEmpty { note("\(report)") }
    }
  }
}
