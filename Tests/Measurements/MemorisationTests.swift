import Foundation
import LineupMeasurements
import LineupTensors
import Testing

@Suite struct MemorisationTests {
  private func copying(_ generated: FeatureMatrix) -> Double {
    dataCopyingScore(
      generated: nearestNeighbours(of: generated, in: Golden.real).map(\.distance),
      heldOut: nearestNeighbours(of: Golden.test, in: Golden.real).map(\.distance))
  }

  @Test func agreesWithIndependentPackages() {
    #expect(agrees(copying(Golden.generated), 3.73859776331))
    let nearCopies = FeatureMatrix(rows: 32, columns: 8) { Golden.real[$0, $1] + 0.001 }
    #expect(agrees(copying(nearCopies), -7.954769991455))
    let nearest = nearestNeighbours(of: Golden.generated, in: Golden.real)
    #expect(authenticPercentage(nearest: nearest, training: Golden.real) == 100)
  }

  @Test(arguments: [0, 5, 20, 50]) func plantedCopiesAreFound(percent: Int) {
    let deviations = [Double](repeating: 1, count: 12)
    let training = normalPoints(1500, deviations: deviations, seed: 1)
    let heldOut = normalPoints(500, deviations: deviations, seed: 2)
    let fresh = normalPoints(500, deviations: deviations, seed: 3)
    let copies = percent * 5
    let generated =
      copies == 0 ? fresh : training.rows(0..<copies).appending(fresh.rows(copies..<500))
    let nearest = nearestNeighbours(of: generated, in: training)
    let real = nearestNeighbours(of: heldOut, in: training).map(\.distance)
    let share = copiedShare(generated: nearest.map(\.distance), heldOut: real)
    #expect(abs(share - Double(percent) / 100) < 0.02)
    let score = dataCopyingScore(generated: nearest.map(\.distance), heldOut: real)
    let authentic = authenticPercentage(nearest: nearest, training: training)
    if percent == 0 { #expect(abs(score) < 3) }
    if percent >= 20 { #expect(score < -4 && authentic < 85) }
    #expect(
      nearest.prefix(copies).enumerated().allSatisfy { $0.offset == $0.element.index && $0.element.distance == 0 })
  }

  @Test func nearestImagesAreFoundAcrossBlocks() {
    var random = RandomStream(seed: 5)
    let pixels = (0..<2100 * 16).map { _ in UInt8(random.integer(below: 256)) }
    let training = PixelBatch(height: 4, width: 4, channels: 1, pixels: pixels)
    let found = nearestImages(of: training.images(at: [3, 2077, 2048]), in: training)
    #expect(found.map(\.index) == [3, 2077, 2048])
    #expect(found.allSatisfy { $0.distance == 0 })
    #expect(nearestOthers(of: [0], in: training.features)[0].index != 0)
  }
}

@Suite struct DiversityTests {
  @Test func agreesWithIndependentPackages() {
    #expect(agrees(vendiScore(Golden.generated), 7.91980833380))
    let repeated = Golden.generated.rows(at: (0..<64).map { $0 % 4 })
    #expect(agrees(vendiScore(repeated), 3.11960611947, within: 1e-6))
    let probabilities = FeatureMatrix(rows: 64, columns: 10) { i, c in
      func logit(_ c: Int) -> Double { 3 * sin(0.7 * Double(i + 1) * Double(c + 1)) }
      return exp(logit(c)) / (0..<10).reduce(0) { $0 + exp(logit($1)) }
    }
    #expect(agrees(inceptionScore(probabilities).mean, 1.96740998528))
    let split = inceptionScore(probabilities, splits: 4)
    #expect(agrees(split.mean, 1.91419457908) && agrees(split.deviation, 0.0976846770106))
  }

  @Test func missingClassesAreCounted() {
    let training = (0..<1000).map { Int32($0 % 10) }
    #expect(ClassBalance(predicted: training, training: training, classCount: 10).classesHit == 10)
    let dropped = ClassBalance(predicted: training.map { $0 < 6 ? $0 : $0 - 6 }, training: training, classCount: 10)
    #expect(dropped.classesHit == 6 && dropped.divergence > 0.2)
    // 9 of 1000 is below 1/(10·10), 10 of 1000 is not.
    func balance(_ rare: Int) -> ClassBalance {
      ClassBalance(
        predicted: (0..<1000).map { $0 < rare ? 1 : 0 }, training: training, classCount: 10)
    }
    #expect(balance(9).classesHit == 1 && balance(10).classesHit == 2)
    #expect(agrees(balance(0).divergence, log(10)))
  }
}
