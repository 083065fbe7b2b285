import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

@Suite struct TilingTests {
  private static func model() throws -> AutoencoderKL {
    let folder = Fixtures.checkpoint("sd1") + "/vae"
    let configuration = try AutoencoderKL.Configuration(
      diffusers: DiffusersConfiguration(path: folder + "/config.json"))
    var model = AutoencoderKL(configuration, random: RandomStream(seed: 1))
    try DiffusersNames.plain.load(
      into: &model, from: SafetensorsFile(path: folder + "/diffusion_pytorch_model.safetensors"))
    return model
  }

  /// The largest difference as a share of the largest value.
  private static func error(_ a: Tensor, _ b: Tensor) -> Float {
    guard a.shape == b.shape else { return .infinity }
    let worst = zip(a.values, b.values).map { Swift.abs($0 - $1) }.max() ?? 0
    return worst / (b.values.map { Swift.abs($0) }.max() ?? 1)
  }

  /// Planes that end with whole tiles, with parts of tiles and with single rows.
  @Test(arguments: ["21x27", "8x13", "9x6"])
  func agreesWithDiffusers(size: String) throws {
    let model = try Self.model()
    #expect(model.configuration.sampleSize == 16)
    let golden = try PictureFixtures.tensors()
    let latents = try golden.tensor("tiles.\(size).latents")
    let decoded = try golden.tensor("tiles.\(size).decoded")
    #expect(Self.error(model.decodeTiled(latents), decoded) < 1e-5)
    // Tiles are not without effect, so that the whole differs.
    #expect(Self.error(model.decode(latents), decoded) > 1e-3)

    let (mean, logVariance) = model.encodeTiled(try golden.tensor("tiles.\(size).image"))
    let moments = try golden.tensor("tiles.\(size).moments").split(into: 2, along: -1)
    #expect(Self.error(mean, moments[0]) < 1e-5)
    #expect(Self.error(logVariance, moments[1].clamped(to: -30...20)) < 1e-5)
  }

  @Test func whatFitsIntoATileIsNotCut() throws {
    let model = try Self.model()
    var random = RandomStream(seed: 3)
    let latents = random.normal([2, 8, 7, 4])
    #expect(model.decodeTiled(latents).values == model.decode(latents).values)
    let images = random.normal([1, 16, 12, 3])
    #expect(model.encodeTiled(images).mean.values == model.encode(images).mean.values)
    #expect(model.encodeTiled(images).logVariance.values == model.encode(images).logVariance.values)
  }

  /// Also tiles whose overlap is no whole number of latents, or nothing, leave the size as it is.
  @Test(arguments: [(1, 0.25), (3, 0.25), (6, 0.25), (5, 0.5), (4, 0)] as [(Int, Float)])
  func theSizeIsThatOfTheWhole(tile: Int, overlap: Float) throws {
    let model = try Self.model()
    var random = RandomStream(seed: 4)
    #expect(model.decodeTiled(random.normal([2, 7, 11, 4]), tile: tile, overlap: overlap).shape == [2, 14, 22, 3])
    let (mean, _) = model.encodeTiled(random.normal([2, 14, 22, 3]), tile: tile, overlap: overlap)
    #expect(mean.shape == [2, 7, 11, 4])
  }

  @Test func theFirstOfTwoSampleSizesCounts() throws {
    func configuration(_ settings: String) throws -> AutoencoderKL.Configuration {
      let text = "{\"_class_name\": \"AutoencoderKL\"\(settings)}"
      return try .init(diffusers: DiffusersConfiguration(parsing: Array(text.utf8), path: "config.json"))
    }
    #expect(try configuration(", \"sample_size\": [64, 48]").sampleSize == 64)
    #expect(try configuration(", \"sample_size\": 24").sampleSize == 24)
    #expect(try configuration("").sampleSize == 32)
  }
}
