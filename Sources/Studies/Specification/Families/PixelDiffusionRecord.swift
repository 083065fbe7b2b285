import LineupFamilies
import LineupFormats
import LineupNetworks

extension PixelDiffusionOptions {
  static let record = Record(
    "pixelDiffusion",
    "A denoising diffusion model on pixels with a U-Net of weight-standardised residual blocks and linear attention.",
    defaults: Self(),
    fields: Field.optimization + [
      Field("network", .variants(Network.variants), "The U-Net.")
    ] + Field.diffusion + [
      Field(
        "horizontalFlip", .boolean, "Whether each training image is mirrored with probability one half.")
    ])
}

extension PixelDiffusionOptions.Network {
  static func record(_ network: Self, _ summary: String) -> Record {
    Record(
      "network \(network.preset.rawValue)", summary, defaults: network,
      fields: [
        Field(
          "patch", .integer(1...16),
          "The side of the square patches that become the channels of one position; 1 works on the pixels "
            + "themselves."),
        Field.channels("Widths of the levels, outermost first; the resolution halves between them."),
        Field("blocks", .integer(1...8), "Residual blocks in each level on the way down."),
        Field("groups", .integer(1...256), "Groups of the group normalisation; must divide every width."),
        Field("heads", .integer(1...64), "Attention heads."),
        Field("headWidth", .integer(1...512), "Features of one attention head."),
      ])
  }

  static let variants = Variants(
    title: "network", summary: "The U-Net, from a preset whose members can be changed one by one.", tag: "preset",
    tagSummary: "Fills the members left out: seed is the notebook's network of 2 million parameters, patch a narrow "
      + "one on 2×2 patches.", standard: "patch",
    cases: [
      ("seed", record(.seed, "The network of the seed study.")),
      ("patch", record(.patch, "A narrow network on patches, for studies of minutes.")),
    ])
}
