import Glibc
import LineupKernels
import LineupTestSupport
import Testing

@Suite struct GateTests {
  @Test(arguments: [(1, 1), (3, 7), (70, 33), (5, 5000)])
  func geglusAgreeWithDoublePrecision(rows: Int, count: Int) {
    var random = SmallRandom(1)
    let x = random.floats(rows * 2 * count).map { $0 * 6 }
    let g = random.floats(rows * count)
    var y = [Float](repeating: .nan, count: rows * count)
    var dx = [Float](repeating: .nan, count: x.count)
    applyGEGLU(rows: rows, count: count, x, into: &y)
    applyGEGLUGradient(rows: rows, count: count, x, gradient: g, into: &dx)
    var expected = [Double](repeating: 0, count: y.count)
    var expectedGradient = [Double](repeating: 0, count: x.count)
    for row in 0..<rows {
      for i in 0..<count {
        let place = row * 2 * count + i
        let (a, b, slope) = (Double(x[place]), Double(x[place + count]), Double(g[row * count + i]))
        let cumulative = erfc(-b / 2.0.squareRoot()) / 2
        let density = exp(-b * b / 2) / (2 * Double.pi).squareRoot()
        expected[row * count + i] = a * b * cumulative
        expectedGradient[place] = slope * b * cumulative
        expectedGradient[place + count] = slope * a * (cumulative + b * density)
      }
    }
    #expect(ReferenceKernels.relativeError(y, expected) < 1e-6)
    #expect(ReferenceKernels.relativeError(dx, expectedGradient) < 1e-6)
  }
}
