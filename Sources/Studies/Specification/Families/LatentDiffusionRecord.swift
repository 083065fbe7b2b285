import LineupFamilies
import LineupFormats
import LineupNetworks

extension LatentDiffusionOptions {
  static let record = Record(
    "latentDiffusion",
    "Latent (\"Stable\") diffusion: an autoencoder, then a text-conditioned U-Net on its latents. Measured samples use "
      + "captions drawn from the training images and guidance 1.",
    defaults: Self(),
    fields: Field.optimization + [
      Field(
        "firstStageShare", .number(.above(0, upTo: 0.95)),
        "The share of the trial's FLOP budget that trains the first stage."),
      Field("autoencoder", .record(Autoencoder.record), "The first stage."),
      Field("unet", .record(UNet.record), "The second stage's network."),
      Field("text", .record(Text.record), "The text encoder."),
      Field(
        "conditionDropout", .number(.from(0, upTo: 1)),
        "The probability that training replaces a caption by the empty one, which guidance needs."),
    ] + Field.diffusion + [
      Field(
        "guidance", .list(.number(.from(0, upTo: 100)), count: 0...8, order: .unique),
        "Scales of classifier-free guidance, each shown in a grid of its own; they enter no measurement.")
    ])
}

extension LatentDiffusionOptions.Autoencoder {
  static let record = Record(
    "autoencoder", "The first stage, an AutoencoderKL, trained first and then frozen.", defaults: Self(),
    fields: [
      Field.channels("Widths of the levels, outermost first; the resolution halves between them."),
      Field("layersPerBlock", .integer(1...8), "Residual blocks in each level of the encoder."),
      Field("groups", .integer(1...256), "Groups of the group normalisation; must divide every width."),
      Field("latentChannels", .integer(1...64), "Channels of the latent image."),
      Field("klWeight", .number(.from(0)), "Weight of the Kullback–Leibler term against the reconstruction."),
      Field(
        "perceptualWeight", .number(.from(0)),
        "Weight of the distance between features of the perceptual network; 0 leaves it out."),
      Field(
        "adversarialWeight", .number(.from(0)),
        "Weight of the patch discriminator's verdict; 0 leaves it out."),
      Field(
        "adversarialStart", .number(.from(0, upTo: 1)),
        "The share of the first stage's budget after which the discriminator joins."),
      Field("learningRate", .number(.above(0, upTo: 10)), "The first stage's learning rate before it decays."),
    ])
}

extension LatentDiffusionOptions.UNet {
  static let record = Record(
    "unet", "The U-Net on latents; every level attends to the caption.", defaults: Self(),
    fields: [
      Field.channels("Widths of the levels, outermost first; the resolution halves between them."),
      Field("layersPerBlock", .integer(1...8), "Residual blocks in each level on the way down."),
      Field("heads", .integer(1...64), "Attention heads; must divide every width."),
      Field("groups", .integer(1...256), "Groups of the group normalisation; must divide every width."),
    ])
}

extension LatentDiffusionOptions.Text {
  static let record = Record(
    "text", "The text encoder, shaped as CLIP's and trained together with the U-Net.", defaults: Self(),
    fields: [
      Field(
        "width", .integer(1...4096),
        "Features of a token, which is also the width of the context that the U-Net attends to."),
      Field("layers", .integer(1...48), "Transformer layers."),
      Field("heads", .integer(1...64), "Attention heads; must divide the width."),
      Field("contextLength", .integer(4...1024), "Tokens that a caption is cut or padded to."),
      Field(
        "vocabulary", .integer(514...100_000),
        "The most tokens that the byte-level tokenizer has; 514 are the bytes and the two marks alone."),
    ])
}
