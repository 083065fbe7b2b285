import LineupFamilies
import LineupLearning
import LineupNetworks

extension AdversarialOptions {
  static let record = Record(
    "adversarial",
    "A GAN with the non-saturating loss. On images, the InfoGAN networks, without batch normalisation in the "
      + "discriminator; on points, plain layers.",
    defaults: Self(),
    fields: Field.optimization + [
      Field(
        "generatorLearningRate", .number(.above(0, upTo: 10)),
        "The generator's learning rate, where it differs from learningRate."),
      Field(
        "discriminatorLearningRate", .number(.above(0, upTo: 10)),
        "The discriminator's learning rate, where it differs from learningRate."),
      Field(
        "betas", .list(.number(.from(0, below: 1)), count: 2...2),
        "Adam's decay rates of the first and the second moment, in both networks."),
      Field("latentSize", .integer(1...65536), "How many normal numbers become one sample."),
      Field(
        "channels", .list(.integer(1...4096), count: 2...2),
        "Widths of the discriminator's two convolutions, from the image inwards; the generator mirrors them."),
      Field("hidden", .integer(1...65536), "Width of the fully connected layer in both networks."),
      Field(
        "pointLayers", .list(.integer(1...65536), count: 1...8),
        "Widths of the hidden layers of both networks where the data are points."),
      Field(
        "r1", .number(.from(0)),
        "Weight λ of the penalty λ·E‖∇D(x)‖² on real data (Mescheder, Geiger and Nowozin 2018); 0 is the plain GAN."),
    ])
}
