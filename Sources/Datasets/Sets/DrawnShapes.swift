import LineupNetworks
import LineupTensors

extension Dataset {
  static let shapes = {
    let (side, counts) = (28, ImageSource.Counts(validation: 1_000, test: 2_000))
    return Dataset(
      name: "shapes", summary: "drawn shapes in colours or greys, ten classes, with captions",
      contents: "any size, 3 channels or 1, any count (10,000, 1,000 and 2,000 where not given)", need: .nothing,
      source: .images(
        ImageSource(side: side, counts: counts, isDrawn: true) { request in
          let shapes = DrawnShapes(
            side: request.size ?? side, channels: request.channels ?? 3, seed: request.seed ?? 0)
          return shapes.splits(
            train: request.count ?? 10_000, validation: request.validationCount ?? counts.validation,
            test: request.testCount ?? counts.test)
        }))
  }()
}

/// Coloured shapes with captions, drawn by formula: needs no files, and every attribute of every image is known.
///
/// The same seed gives the same bytes. Shape, colour, size and place are independent and uniform; the shape is the class.
public struct DrawnShapes: Sendable {
  /// A colour word and what it looks like.
  struct Paint: Sendable {
    let word: String
    let red: Float
    let green: Float
    let blue: Float
  }

  /// What is to be seen in one image.
  package struct Description: Sendable, Equatable {
    package let outline: ShapeOutline
    /// An index into `colourNames`.
    package let colour: Int
    /// 0 small, 1 medium, 2 large.
    package let size: Int
    /// The centre, in pixels from the left and the top edge.
    package let centre: SIMD2<Float>
    /// In pixels.
    package let radius: Float
    package let caption: String
  }

  static let colours = [
    Paint(word: "red", red: 230, green: 35, blue: 35), Paint(word: "orange", red: 250, green: 140, blue: 20),
    Paint(word: "yellow", red: 245, green: 225, blue: 45), Paint(word: "green", red: 45, green: 180, blue: 60),
    Paint(word: "blue", red: 45, green: 95, blue: 235), Paint(word: "purple", red: 150, green: 50, blue: 200),
    Paint(word: "pink", red: 255, green: 135, blue: 195), Paint(word: "white", red: 250, green: 250, blue: 250),
  ]
  static let greys = [
    Paint(word: "dark grey", red: 85, green: 85, blue: 85), Paint(word: "grey", red: 140, green: 140, blue: 140),
    Paint(word: "light grey", red: 195, green: 195, blue: 195), Paint(word: "white", red: 250, green: 250, blue: 250),
  ]
  static let sizeNames = ["small", "medium", "large"]
  /// The least and the largest radius of each size, as shares of the image's side.
  private static let radii: [ClosedRange<Float>] = [0.17...0.21, 0.26...0.31, 0.37...0.43]

  /// The side of the square images in pixels.
  public let side: Int
  /// 3 for colours, 1 for shades of grey.
  public let channels: Int
  private let random: RandomStream

  /// A set with images of `side` × `side` pixels.
  public init(side: Int = 28, channels: Int = 3, seed: UInt64 = 0) {
    precondition(side >= 8, "drawn shapes need at least 8 pixels, not \(side)")
    precondition(channels == 1 || channels == 3, "drawn shapes have 1 or 3 channels, not \(channels)")
    self.side = side
    self.channels = channels
    random = RandomStream(seed: seed).split("shapes")
  }

  /// The name of each class.
  public static let classNames = ShapeOutline.allCases.map(\.name)

  /// The words for colours that this set's captions use.
  public var colourNames: [String] { paints.map(\.word) }

  private var paints: [Paint] { channels == 3 ? Self.colours : Self.greys }

  /// What image `index` of a part shows.
  package func description(part: String, index: Int) -> Description {
    var stream = random.split(part).split(index)
    return description(&stream)
  }

  private func description(_ stream: inout RandomStream) -> Description {
    let outline = ShapeOutline.allCases[stream.integer(below: ShapeOutline.allCases.count)]
    let colour = stream.integer(below: paints.count)
    let size = stream.integer(below: Self.radii.count)
    let range = Self.radii[size]
    let extent = Float(side)
    let radius = extent * (range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform())
    // One pixel of air, so that no shape is cut.
    let play = max(0, extent - 2 * radius - 2)
    let centre = SIMD2(
      extent / 2 + play * (stream.uniform() - 0.5), extent / 2 + play * (stream.uniform() - 0.5))
    let words = "\(Self.sizeNames[size]) \(paints[colour].word) \(outline.name)"
    return Description(
      outline: outline, colour: colour, size: size, centre: centre, radius: radius, caption: "a " + words)
  }

  /// A part of the set with `count` images. Parts of different names share no random numbers; a longer part begins with
  /// the images of a shorter one.
  public func images(part: String, count: Int) -> ImageSet {
    let stream = random.split(part)
    let outlines = ShapeOutline.allCases.map(OutlineDistance.init)
    let size = side * side * channels
    var labels: [Int32] = []
    var captions: [String] = []
    var pixels = [UInt8](repeating: 0, count: count * size)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in 0..<count {
        var stream = stream.split(index)
        let description = description(&stream)
        draw(
          description, outlines[description.outline.rawValue],
          into: UnsafeMutableBufferPointer(rebasing: pixels[index * size..<(index + 1) * size]), &stream)
        labels.append(Int32(description.outline.rawValue))
        captions.append(description.caption)
      }
    }
    return ImageSet(
      name: "shapes/\(part)", height: side, width: side, channels: channels, pixels: pixels, labels: labels,
      classNames: Self.classNames, captions: captions)
  }

  /// The three parts.
  public func splits(train: Int, validation: Int, test: Int) -> DatasetSplits {
    DatasetSplits(
      train: images(part: "train", count: train), validation: images(part: "validation", count: validation),
      test: images(part: "test", count: test))
  }

  /// Draws one shape on black; a pixel's share of paint is the distance of its centre to the edge, from −½ to ½.
  private func draw(
    _ description: Description, _ distance: OutlineDistance, into pixels: UnsafeMutableBufferPointer<UInt8>,
    _ stream: inout RandomStream
  ) {
    let paint = paints[description.colour]
    // A little variety in the paint, far less than lies between two colours.
    let shade = 0.9 + 0.1 * stream.uniform()
    let colour = SIMD4(paint.red, paint.green, paint.blue, 0) * shade
    let turn = (stream.uniform() - 0.5) * 0.35
    let cosine = 1 - turn * turn / 2
    let sine = turn - turn * turn * turn / 6
    let (centre, radius) = (description.centre, description.radius)
    let rows = max(0, Int(centre.y - radius - 1))..<min(side, Int(centre.y + radius + 2))
    let columns = max(0, Int(centre.x - radius - 1))..<min(side, Int(centre.x + radius + 2))
    for row in rows {
      for column in columns {
        let offset = (SIMD2(Float(column), Float(row)) + 0.5 - centre) / radius
        let turned = SIMD2(cosine * offset.x + sine * offset.y, cosine * offset.y - sine * offset.x)
        let share = max(0, min(1, 0.5 - distance(turned) * radius))
        guard share > 0 else { continue }
        for channel in 0..<channels {
          pixels[(row * side + column) * channels + channel] = UInt8(colour[channel] * share + 0.5)
        }
      }
    }
  }
}
