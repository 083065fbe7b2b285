import LineupDatasets
import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupTensors
import Testing

@Suite struct PictureTensorTests {
  /// Every bit of what diffusers' image processor gives a network.
  @Test func tensorsAreThoseOfDiffusers() throws {
    let golden = try PictureFixtures.tensors()
    let picture = PictureFixtures.noise(width: 7, height: 5)
    for (name, tensor) in [
      ("signed", picture.signedTensor), ("unit", picture.unitTensor), ("mask", picture.maskTensor),
    ] {
      let expected = try golden.tensor(name)
      #expect(tensor.shape == expected.shape && tensor.values == expected.values, "\(name)")
    }
  }

  /// Halves go to the even value, and what lies outside to the ends.
  @Test func pixelsAreThoseOfDiffusers() throws {
    let golden = try PictureFixtures.tensors()
    let output = try golden.tensor("output")
    let expected = try golden.tensor("output.pixels")
    let picture = Picture(signed: output)
    #expect([1, picture.height, picture.width, 3] == expected.shape)
    #expect(picture.pixels.map(Float.init) == expected.values)
    #expect(Picture(unit: output.scaled(by: 0.5, plus: 0.5)) == picture)
  }

  @Test func picturesSurviveTheWayThroughTensors() {
    let picture = PictureFixtures.noise(width: 30, height: 20)
    #expect(Picture(signed: picture.signedTensor) == picture)
    #expect(Picture(unit: picture.unitTensor) == picture)
    #expect(Picture(unit: Tensor([0, 0.5, 1, 0.25], shape: [1, 2, 2, 1])).luma == [0, 128, 255, 64])
  }
}
