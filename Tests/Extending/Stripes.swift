import LineupDatasets
import LineupTensors

/// Stripes of two directions, drawn by formula.
extension Dataset {
  /// Upright or lying stripes of any width, each image with its direction as class and caption.
  package static let stripes = {
    let (side, counts) = (28, ImageSource.Counts(validation: 500, test: 1_000))
    return Dataset(
      name: "stripes", summary: "drawn stripes in greys, two classes, with captions",
      contents: "any size, 1 channel, any count (5,000, 500 and 1,000 where not given)", need: .nothing,
      source: .images(
        ImageSource(side: side, counts: counts, isDrawn: true) { request in
          let random = RandomStream(seed: request.seed ?? 0)
          func part(_ name: String, _ count: Int) -> ImageSet {
            stripes(name, count: count, side: request.size ?? side, random: random.split(name))
          }
          return DatasetSplits(
            train: part("train", request.count ?? 5_000),
            validation: part("validation", request.validationCount ?? counts.validation),
            test: part("test", request.testCount ?? counts.test))
        }))
  }()

  private static func stripes(_ name: String, count: Int, side: Int, random: RandomStream) -> ImageSet {
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    for index in 0..<count {
      var stream = random.split(index)
      let (label, width) = (stream.integer(below: 2), 1 + stream.integer(below: side / 4))
      for row in 0..<side {
        for column in 0..<side { pixels.append((label == 0 ? column : row) / width % 2 == 0 ? 230 : 20) }
      }
      labels.append(Int32(label))
    }
    return ImageSet(
      name: "stripes/\(name)", height: side, width: side, channels: 1, pixels: pixels, labels: labels,
      classNames: ["upright", "lying"], captions: labels.map { $0 == 0 ? "upright stripes" : "lying stripes" })
  }
}
