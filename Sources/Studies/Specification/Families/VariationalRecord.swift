import LineupFamilies
import LineupFormats
import LineupNetworks

extension VariationalOptions {
  static let record = Record(
    "variational",
    "A VAE whose decoder is the GAN's generator and whose encoder is the GAN's discriminator with another head.",
    defaults: Self(),
    fields: Field.optimization + [
      Field("latentSize", .integer(1...65536), "Dimensions of the code."),
      Field(
        "channels", .list(.integer(1...4096), count: 2...2),
        "Widths of the encoder's two convolutions, from the image inwards; the decoder mirrors them."),
      Field("hidden", .integer(1...65536), "Width of the fully connected layer in encoder and decoder."),
      Field("beta", .number(.from(0)), "Weight of the Kullback–Leibler term in the bound; 1 is the bound itself."),
      Field(
        "decoderVariance", .either([.choice(["learned", "optimal"]), .number(.above(0))]),
        "The variance of the Gaussian decoder, on which blur depends: learned as one number, optimal (the batch's own "
          + "squared error; Rybkin, Daniilidis and Levine 2021), or held at a number, for pixels in [−1, 1]."),
    ])
}
