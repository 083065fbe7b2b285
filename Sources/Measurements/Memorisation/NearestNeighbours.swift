import Algorithms

/// A point's nearest neighbour in another set.
package struct NearestNeighbour: Sendable, Equatable {
  /// The neighbour's row; the lowest of equally near ones.
  package let index: Int
  /// The Euclidean distance.
  package let distance: Double
}

/// The nearest training point of each query.
package func nearestNeighbours(of queries: FeatureMatrix, in training: FeatureMatrix) -> [NearestNeighbour] {
  precondition(training.rows > 0, "there is no training point to be near to")
  var found: [NearestNeighbour] = []
  found.reserveCapacity(queries.rows)
  SquaredDistances(from: queries, to: training).forEachRow { _, distances in
    found.append(smallest(in: distances, except: nil))
  }
  return found
}

/// The nearest other point of each of the given rows of a set.
package func nearestOthers(of rows: [Int], in set: FeatureMatrix) -> [NearestNeighbour] {
  precondition(set.rows > 1, "a point needs another to be near to")
  var found: [NearestNeighbour] = []
  found.reserveCapacity(rows.count)
  SquaredDistances(from: set.rows(at: rows), to: set).forEachRow { row, distances in
    found.append(smallest(in: distances, except: rows[row]))
  }
  return found
}

private func smallest(in distances: UnsafeBufferPointer<Double>, except skipped: Int?) -> NearestNeighbour {
  var best = skipped == 0 ? 1 : 0
  for index in distances.indices where distances[index] < distances[best] && index != skipped { best = index }
  return NearestNeighbour(index: best, distance: distances[best].squareRoot())
}

/// The nearest training images of each image by pixels on [0, 1], for a row of pictures beside the samples.
package func nearestImages(of queries: PixelBatch, in training: PixelBatch) -> [NearestNeighbour] {
  precondition(queries.imageSize == training.imageSize, "images of different size have no distance")
  let wanted = queries.features
  var best = [NearestNeighbour](repeating: NearestNeighbour(index: 0, distance: .infinity), count: queries.count)
  for range in (0..<training.count).chunks(ofCount: 2048) {
    let block = training.images(range).features
    for (row, found) in nearestNeighbours(of: wanted, in: block).enumerated() {
      guard found.distance < best[row].distance else { continue }
      best[row] = NearestNeighbour(index: range.lowerBound + found.index, distance: found.distance)
    }
  }
  return best
}
