import Foundation
import LineupFormats

extension ImageSet {
  /// The first images of every class, a row for each; what `lineup data show` draws.
  package func preview(perClass: Int = 10) -> ComparisonGrid {
    let total = count.formatted(.number.locale(Locale(identifier: "en")))
    return ComparisonGrid(
      title: name,
      subtitle: "\(total) images of \(height)×\(width)×\(channels), \(classNames.count) classes",
      rows: (Array(classNames.indices) + (labels.contains(-1) ? [-1] : [])).map { label in
        let chosen = labels.indices.lazy.filter { labels[$0] == Int32(label) }.prefix(perClass)
        return ComparisonGrid.Row(
          label < 0 ? "no class" : classNames[label], detail: chosen.first.map { "“\(captions[$0])”" } ?? "",
          pictures: chosen.map(picture),
          note: "no images")
      })
  }
}

extension PointSet {
  /// The points as dots, the modes as rings behind them.
  package func picture(side: Int = 320) -> Picture {
    let reach = modes.map { max(abs($0.x), abs($0.y)) }.max() ?? 1
    return Picture.scatter(points, modes: modes, reach: reach * 1.35 + 3 * deviation, side: side)
  }
}

extension Picture {
  /// Points of the plane as small translucent dots on white, with pale rings about the modes.
  ///
  /// - Parameters:
  ///   - points: x and y of every point, `[count, 2]`; points outside are left out, as are those that are not finite
  ///   - reach: the picture shows −reach to reach along both axes, y upwards
  package static func scatter(
    _ points: [Float], modes: [SIMD2<Float>] = [], reach: Float, side: Int = 320
  ) -> Picture {
    precondition(reach > 0, "a scatter plot must reach further than \(reach)")
    precondition(points.count.isMultiple(of: 2), "points of the plane have two numbers each")
    var picture = Picture(width: side, height: side)
    let scale = Float(side) / (2 * reach)
    func place(_ point: SIMD2<Float>) -> SIMD2<Float> {
      SIMD2(Float(side) / 2 + point.x * scale, Float(side) / 2 - point.y * scale)
    }
    for mode in modes { picture.dot(at: place(mode), inner: 6, outer: 8, Colour(grey: 190), strength: 255) }
    for index in stride(from: 0, to: points.count, by: 2) {
      let centre = place(SIMD2(points[index], points[index + 1]))
      guard centre.x.isFinite, centre.y.isFinite, abs(centre.x) < 1e6, abs(centre.y) < 1e6 else { continue }
      picture.dot(at: centre, inner: 0, outer: 1.6, Colour(red: 20, green: 90, blue: 200), strength: 150)
    }
    return picture
  }

  /// A disc, or a ring where `inner` is not 0, with soft edges.
  private mutating func dot(at centre: SIMD2<Float>, inner: Float, outer: Float, _ colour: Colour, strength: Float) {
    for y in Int(centre.y - outer - 1)...Int(centre.y + outer + 1) {
      for x in Int(centre.x - outer - 1)...Int(centre.x + outer + 1) {
        let offset = SIMD2(Float(x), Float(y)) + 0.5 - centre
        let distance = (offset * offset).sum().squareRoot()
        let share = min(outer + 0.5 - distance, inner > 0 ? distance - inner + 0.5 : 1, 1)
        blend(colour, share: UInt8(max(0, share) * strength), x: x, y: y)
      }
    }
  }
}
