import LineupDatasets
import LineupFormats
import LineupSupport
import Testing

@Suite struct LanczosTests {
  /// 42 pairs of sizes, grey and coloured, byte for byte.
  @Test func agreesWithPillow() throws {
    let cases = try PictureFixtures.record().sizes
    #expect(cases.count == 42)
    for sample in cases {
      let picture = PictureFixtures.noise(width: sample.from[0], height: sample.from[1], channels: sample.channels)
      let resampled = picture.lanczosResampled(width: sample.to[0], height: sample.to[1])
      #expect(resampled.width == sample.to[0] && resampled.height == sample.to[1])
      #expect(SHA256.hexadecimalDigest(of: resampled.pixels) == sample.pixels, "\(sample)")
    }
  }

  @Test func keepsWhatIsEven() {
    let even = Picture(width: 31, height: 17, colour: Colour(red: 1, green: 128, blue: 254))
    let resampled = even.lanczosResampled(width: 12, height: 40)
    #expect(resampled == Picture(width: 12, height: 40, colour: even[0, 0]))
    let picture = PictureFixtures.noise(width: 8, height: 5)
    #expect(picture.lanczosResampled(width: 8, height: 5) == picture)
  }
}
