import Foundation

/// The outlines that the drawn set knows. Each is the class of an image.
package enum ShapeOutline: Int, CaseIterable, Sendable {
  case circle, ring, square, triangle, diamond, cross, star, crescent, heart, arrow

  package var name: String { "\(self)" }
}

/// A signed distance in units of the shape's radius, negative inside. Near the edge it is close enough to the true
/// distance for antialiasing; unions and intersections are the usual minimum and maximum.
struct OutlineDistance {
  private let outline: ShapeOutline
  private let corners: [SIMD2<Float>]

  init(_ outline: ShapeOutline) {
    self.outline = outline
    corners = Self.corners(of: outline)
  }

  /// The distance of a point, x to the right and y down, the shape's centre at the origin and its radius 1.
  func callAsFunction(_ point: SIMD2<Float>) -> Float {
    switch outline {
    case .circle: length(point) - 0.95
    case .ring: abs(length(point) - 0.74) - 0.22
    case .crescent: max(length(point) - 0.95, 0.78 - length(point - SIMD2(0.5, -0.12)))
    case .heart:
      min(
        polygonDistance(point),
        length(point - SIMD2(-0.42, -0.34)) - 0.47, length(point - SIMD2(0.42, -0.34)) - 0.47)
    default: polygonDistance(point)
    }
  }

  private func length(_ vector: SIMD2<Float>) -> Float {
    (vector * vector).sum().squareRoot()
  }

  /// The distance to a polygon: to its nearest edge, with the sign of the even-odd rule.
  private func polygonDistance(_ point: SIMD2<Float>) -> Float {
    corners.withUnsafeBufferPointer { corners in
      var nearest = Float.infinity
      var inside = false
      var previous = corners[corners.count - 1]
      for corner in corners {
        let edge = previous - corner
        let offset = point - corner
        let along = max(0, min(1, (offset * edge).sum() / (edge * edge).sum()))
        let gap = offset - edge * along
        nearest = min(nearest, (gap * gap).sum())
        if (corner.y > point.y) != (previous.y > point.y), offset.x < edge.x * offset.y / edge.y {
          inside.toggle()
        }
        previous = corner
      }
      return inside ? -nearest.squareRoot() : nearest.squareRoot()
    }
  }

  /// The corners of the polygons, none further than about 1 from the origin.
  private static func corners(of outline: ShapeOutline) -> [SIMD2<Float>] {
    switch outline {
    case .square: [SIMD2(-0.72, -0.72), SIMD2(0.72, -0.72), SIMD2(0.72, 0.72), SIMD2(-0.72, 0.72)]
    case .triangle: [SIMD2(0, -0.95), SIMD2(0.84, 0.57), SIMD2(-0.84, 0.57)]
    case .diamond: [SIMD2(0, -1), SIMD2(0.68, 0), SIMD2(0, 1), SIMD2(-0.68, 0)]
    case .cross:
      [(-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1)]
        .map { SIMD2(Float($0.0), Float($0.1)) * (0.94 / 3) }
    case .star:
      (0..<10).map { index in
        let radius: Float = index.isMultiple(of: 2) ? 1 : 0.42
        let angle = Double(index) * .pi / 5
        return SIMD2(Float(sin(angle)), -Float(cos(angle))) * radius
      }
    case .arrow:
      [(0, -1), (0.85, -0.1), (0.32, -0.1), (0.32, 0.95), (-0.32, 0.95), (-0.32, -0.1), (-0.85, -0.1)]
        .map { SIMD2(Float($0.0), Float($0.1)) }
    case .heart: [SIMD2(-0.79, -0.05), SIMD2(0, -0.34), SIMD2(0.79, -0.05), SIMD2(0, 0.92)]
    case .circle, .ring, .crescent: []
    }
  }
}
