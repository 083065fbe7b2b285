import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks

/// A checkpoint with what was asked to change its weights: words learned by textual inversion, low-rank adapters.
struct LoadedModel {
  private(set) var model: StableDiffusionModel

  init(_ record: PictureRecord) throws {
    guard let path = record.model else {
      throw PipelineError("The picture's settings name no checkpoint; give one with --model.")
    }
    model = try StableDiffusionModel(path: path, settings: record.config, tokenizer: record.tokenizer)
    for embedding in record.embeddings {
      try model.text.add(TextualInversion(file: embedding.file, token: embedding.token))
    }
    for adapter in record.loras {
      let report = try LoRA(path: adapter.file).merge(
        into: &model.unet, text: &model.text.encoder, scale: adapter.scale)
      if !report.unmatched.isEmpty { warn("\(report)") }
    }
  }
}
