import LineupTensors
import Testing

@Suite struct RandomStreamTests {
  /// The published known-answer vectors of Philox 4×32 with ten rounds (Random123).
  @Test func philoxMatchesThePublishedVectors() {
    #expect(
      RandomStream.philox(counter: .zero, key: .zero)
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      RandomStream.philox(
        counter: SIMD4(repeating: 0xFFFF_FFFF), key: SIMD2(repeating: 0xFFFF_FFFF))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
  }

  @Test func splitsDoNotDependOnWhatWasRead() {
    let fresh = RandomStream(seed: 3)
    var used = fresh
    for _ in 0..<5 { _ = used.normal() }
    var a = fresh.split("noise").split(4)
    var b = used.split("noise").split(4)
    #expect((0..<8).map { _ in a.nextBits() } == (0..<8).map { _ in b.nextBits() })
    var other = fresh.split("noise").split(5)
    var again = fresh.split("noise").split(4)
    #expect(other.nextBits() != again.nextBits())
  }

  @Test func normalNumbersHaveTheMomentsOfANormalDistribution() {
    var random = RandomStream(seed: 1)
    let x = random.normal([200_000]).values.map(Double.init)
    let n = Double(x.count)
    let mean = x.reduce(0, +) / n
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let fourth = x.reduce(0) { $0 + ($1 * $1) * ($1 * $1) } / n
    #expect(abs(mean) < 4 / n.squareRoot())
    #expect(abs(variance - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(fourth - 3) < 4 * (96 / n).squareRoot())
  }

  @Test func permutationsHoldEveryNumberOnce() {
    var random = RandomStream(seed: 2)
    #expect(random.permutation(of: 100).sorted() == (0..<100).map { Int32($0) })
  }
}
