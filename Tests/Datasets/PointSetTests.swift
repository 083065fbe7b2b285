import LineupDatasets
import LineupFormats
import LineupTensors
import Testing

@Suite struct PointSetTests {
  @Test(arguments: [PointMixture.ring(), .ring(radius: 2, deviation: 0.02), .grid()])
  func pointsLieAboutTheirModes(mixture: PointMixture) {
    let set = mixture.points(count: 20_000, random: RandomStream(seed: 1).split("train"))
    var squares = 0.0
    var counts = [Int](repeating: 0, count: mixture.modes.count)
    for index in 0..<set.count {
      let mode = set.modes[Int(set.labels[index])]
      let offset = SIMD2(set.points[2 * index], set.points[2 * index + 1]) - mode
      squares += Double((offset * offset).sum())
      counts[Int(set.labels[index])] += 1
    }
    let deviation = (squares / Double(2 * set.count)).squareRoot()
    #expect(abs(deviation / Double(mixture.deviation) - 1) < 0.02)
    let share = Double(set.count) / Double(mixture.modes.count)
    #expect(counts.allSatisfy { abs(Double($0) - share) < 5 * share.squareRoot() })
  }

  @Test func modesAreWhereThePapersPutThem() {
    let ring = PointMixture.ring()
    #expect(ring.modes.count == 8 && ring.modes[0] == SIMD2(1, 0))
    #expect(ring.modes.allSatisfy { abs(($0 * $0).sum() - 1) < 1e-6 })
    let grid = PointMixture.grid()
    #expect(grid.modes.count == 25 && grid.modes[0] == SIMD2(-4, -4) && grid.modes[24] == SIMD2(4, 4))
    #expect(Set(grid.modes).count == 25)
  }

  @Test func aLongerSetBeginsWithAShorterOne() {
    let random = RandomStream(seed: 1)
    let short = PointMixture.grid().points(count: 10, random: random)
    let long = PointMixture.grid().points(count: 20, random: random)
    #expect(Array(long.points.prefix(20)) == short.points)
  }
}
