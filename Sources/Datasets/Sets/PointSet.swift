import Foundation
import LineupTensors

extension Dataset {
  static let ring = Dataset(
    name: "ring", summary: "eight Gaussians on a circle in the plane", contents: "radius 1, standard deviation 0.01",
    need: .nothing, source: .points(.ring()))
  static let grid = Dataset(
    name: "grid", summary: "twenty-five Gaussians on a square grid in the plane",
    contents: "−4 to 4 in steps of 2, standard deviation 0.05", need: .nothing, source: .points(.grid()))
}

/// Points of the plane from a known mixture of Gaussians, for experiments on mode coverage.
public struct PointSet: Sendable {
  /// The mixture's name.
  public let name: String
  /// x and y of every point, laid out as `[count, 2]`.
  public let points: [Float]
  /// The mode that each point was drawn from.
  public let labels: [Int32]
  /// The centre of every mode.
  public let modes: [SIMD2<Float>]
  /// The standard deviation of every mode along each axis.
  public let deviation: Float

  /// The number of points.
  public var count: Int { labels.count }

  /// Points that came from elsewhere, such as samples, to be looked at beside the modes.
  public init(name: String, points: [Float], labels: [Int32], modes: [SIMD2<Float>], deviation: Float) {
    precondition(
      points.count == 2 * labels.count, "\(points.count) numbers are not two for each of \(labels.count) labels")
    self.name = name
    self.points = points
    self.labels = labels
    self.modes = modes
    self.deviation = deviation
  }
}

/// An equal mixture of round Gaussians in the plane.
public struct PointMixture: Sendable {
  /// The mixture's name.
  public let name: String
  /// The centre of every mode.
  public let modes: [SIMD2<Float>]
  /// The standard deviation of every mode along each axis.
  public let deviation: Float

  /// Eight modes on a circle about the origin, the first on the positive x axis. The defaults are those of PacGAN
  /// (Lin et al. 2018, section 4.1); radius 2 with deviation 0.02 is the other form in use (Metz et al. 2017).
  public static func ring(radius: Float = 1, deviation: Float = 0.01) -> PointMixture {
    let modes = (0..<8).map { index in
      let angle = Double(index) * .pi / 4
      return SIMD2(Float(cos(angle)), Float(sin(angle))) * radius
    }
    return PointMixture(name: "ring", modes: modes, deviation: deviation)
  }

  /// Twenty-five modes at −4, −2, 0, 2, 4 along each axis, row by row from below.
  public static func grid(deviation: Float = 0.05) -> PointMixture {
    let steps: [Float] = [-4, -2, 0, 2, 4]
    let modes = steps.flatMap { y in steps.map { x in SIMD2(x, y) } }
    return PointMixture(name: "grid", modes: modes, deviation: deviation)
  }

  /// `count` points: for each a mode at random, then a Gaussian step from its centre.
  ///
  /// A larger count begins with the points of a smaller one.
  public func points(count: Int, random: RandomStream) -> PointSet {
    var points: [Float] = []
    points.reserveCapacity(2 * count)
    var labels: [Int32] = []
    for index in 0..<count {
      var stream = random.split(index)
      let mode = stream.integer(below: modes.count)
      points.append(modes[mode].x + deviation * stream.normal())
      points.append(modes[mode].y + deviation * stream.normal())
      labels.append(Int32(mode))
    }
    return PointSet(name: name, points: points, labels: labels, modes: modes, deviation: deviation)
  }
}
