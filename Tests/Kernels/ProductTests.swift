import CLineupKernels
import LineupKernels
import LineupTestSupport
import Testing

@Suite struct ProductTests {
  @Test(arguments: 0..<40) func productsAgreeWithPlainLoops(seed: Int) {
    var random = SmallRandom(UInt64(seed))
    let (m, n, k) = (random.integer(1...70), random.integer(1...70), random.integer(1...70))
    check(batch: 1, m: m, n: n, k: k, shareA: false, shareB: false, biased: seed % 3 == 0, seed: seed)
  }

  @Test func manyRowsAreCutIntoTasks() {
    check(batch: 1, m: 1300, n: 10, k: 30, shareA: false, shareB: false, biased: true, seed: 1)
    check(batch: 1, m: 1025, n: 1, k: 7, shareA: false, shareB: false, biased: false, seed: 1)
  }

  @Test func fewRowsAreCutIntoColumns() {
    check(batch: 1, m: 64, n: 500, k: 300, shareA: false, shareB: false, biased: true, seed: 1)
    check(batch: 2, m: 7, n: 1030, k: 260, shareA: false, shareB: true, biased: true, seed: 2)
    check(batch: 3, m: 33, n: 145, k: 257, shareA: false, shareB: false, biased: false, seed: 3)
  }

  /// Panels that are packed or turned, their followers asked for, in whole and part blocks of rows.
  @Test(arguments: [(40, 1100, 520), (77, 1030, 513), (64, 500, 300), (8, 17, 5), (128, 257, 260), (33, 1025, 31)])
  func largeRightHandSidesAreRearranged(m: Int, n: Int, k: Int) {
    check(batch: 1, m: m, n: n, k: k, shareA: false, shareB: false, biased: false, seed: m)
  }

  @Test func batchesMayShareAMatrix() {
    check(batch: 3, m: 9, n: 8, k: 7, shareA: false, shareB: true, biased: true, seed: 1)
    check(batch: 3, m: 9, n: 8, k: 7, shareA: true, shareB: false, biased: false, seed: 2)
    check(batch: 2, m: 49, n: 49, k: 32, shareA: false, shareB: false, biased: false, seed: 3)
  }

  @Test func aSumOverNothingIsZeroOrTheBias() {
    check(batch: 1, m: 3, n: 4, k: 0, shareA: false, shareB: false, biased: false, seed: 1)
    check(batch: 1, m: 3, n: 4, k: 0, shareA: false, shareB: false, biased: true, seed: 1)
    check(batch: 1, m: 0, n: 4, k: 2, shareA: false, shareB: false, biased: true, seed: 1)
  }

  private func check(
    batch: Int, m: Int, n: Int, k: Int, shareA: Bool, shareB: Bool, biased: Bool, seed: Int
  ) {
    for orientation in 0..<4 {
      let (transposeA, transposeB) = (orientation & 1 != 0, orientation & 2 != 0)
      var random = SmallRandom(UInt64(seed * 4 + orientation))
      let a = random.floats(m * k * (shareA ? 1 : batch))
      let b = random.floats(k * n * (shareB ? 1 : batch))
      let bias = random.floats(n)
      var c = [Float](repeating: .nan, count: batch * m * n)
      bias.withUnsafeBufferPointer { bias in
        multiplyMatrices(
          batch: batch, m: m, n: n, k: k, a: a, transposeA: transposeA, strideA: shareA ? 0 : m * k, b: b,
          transposeB: transposeB, strideB: shareB ? 0 : k * n, bias: biased ? bias.baseAddress : nil, c: &c,
          strideC: m * n)
      }
      for index in 0..<batch {
        var reference = ReferenceKernels.multiply(
          m: m, n: n, k: k, a: Array(a[(shareA ? 0 : index * m * k)...].prefix(m * k)), transposeA: transposeA,
          b: Array(b[(shareB ? 0 : index * k * n)...].prefix(k * n)), transposeB: transposeB)
        if biased { for place in reference.indices { reference[place] += Double(bias[place % n]) } }
        #expect(
          ReferenceKernels.relativeError(Array(c[index * m * n..<(index + 1) * m * n]), reference) < 1e-5,
          "\(m)×\(n)×\(k), transposed \(transposeA) \(transposeB)")
      }
    }
  }

  /// Every vector length the processor has, not only the one it would choose.
  @Test(arguments: [4, 8, 16], 0..<30) func eachVectorLengthAgreesWithPlainLoops(lanes: Int, seed: Int) {
    var random = SmallRandom(UInt64(seed))
    let (m, n, k) = (random.integer(1...30), random.integer(1...110), random.integer(1...300))
    let (a, b, bias) = (random.floats(m * k), random.floats(k * n), random.floats(n))
    for orientation in 0..<4 {
      let (transposeA, transposeB) = (orientation & 1 != 0, orientation & 2 != 0)
      var c = [Float](repeating: .nan, count: m * n)
      let exists = ck_multiply_with_lanes(
        Int32(lanes), m, n, k, a, transposeA ? 1 : k, transposeA ? m : 1, b, transposeB ? 1 : n,
        transposeB ? k : 1, bias, 0, &c, n)
      guard exists != 0 else { return }
      var reference = ReferenceKernels.multiply(
        m: m, n: n, k: k, a: a, transposeA: transposeA, b: b, transposeB: transposeB)
      for place in reference.indices { reference[place] += Double(bias[place % n]) }
      #expect(ReferenceKernels.relativeError(c, reference) < 1e-5, "\(m)×\(n)×\(k)")
    }
  }

  @Test func theLibraryPassesItsSelfTest() {
    MatrixLibrary.prepare()
    #expect(MatrixLibrary.selfTest() == nil)
    #expect(!MatrixLibrary.coreName.isEmpty)
  }
}
