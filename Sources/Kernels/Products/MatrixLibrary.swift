import CLineupKernels
import CLineupOpenBLAS

/// What multiplies matrices here: this package's own kernels, and BLAS for the linear algebra of measurements.
///
/// Own kernels because networks multiply small matrices by the thousand: on one core with AVX-512 they reach 230–255 GFLOP/s
/// at 48 to 192 channels where OpenBLAS 0.3.21 reaches 100–125 (it takes the core for a Haswell) or, told better, 175–235.
package enum MatrixLibrary {
  private static let coreVariable = "OPENBLAS_CORETYPE"

  /// BLAS takes 128 MiB at its first product, and where it does not get them it asks again and again for ever.
  private static let workspaceBytes = 192 << 20

  /// BLAS runs on one thread: with more it splits sums by their number, and results would depend on it.
  private static let isConfined: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// To be called once at start on the main thread: confines BLAS to one thread and lets denormal numbers be zero.
  package static func prepare() {
    Arena.expect(bytes: workspaceBytes)
    _ = isConfined
    ck_flush_denormals()
  }

  /// What decides a product's last bits, for a run's provenance: the vector instructions of this package's kernels and the
  /// core that BLAS has chosen its own for, such as "AVX-512, OpenBLAS Haswell".
  package static var coreName: String { "\(instructionSet), OpenBLAS \(coreOfBLAS)" }

  private static var coreOfBLAS: String { String(cString: openblas_get_corename()) }

  /// The vector instructions that this package's own products use here: "AVX-512", "AVX2" or "baseline".
  package static var instructionSet: String { String(cString: ck_instruction_set()) }

  /// Multiplies matrices of awkward sizes in all four orientations, with this package's kernels and with BLAS, and compares
  /// with plain loops.
  ///
  /// - Returns: nil if all agree, otherwise a sentence for the user that names core and size.
  package static func selfTest() -> String? {
    for (m, n, k) in [(1, 1, 1), (7, 5, 3), (33, 17, 65), (64, 48, 432), (129, 127, 70), (200, 96, 257)] {
      for orientation in 0..<4 {
        let transposeA = orientation & 1 != 0
        let transposeB = orientation & 2 != 0
        for usesBLAS in [false, true] {
          let error = largestError(
            m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, usesBLAS: usesBLAS)
          if !(error <= 1e-5) {
            let maker = usesBLAS ? "BLAS (core \(coreOfBLAS))" : "the \(instructionSet) kernels"
            let remedy = usesBLAS ? " Set \(coreVariable) to another core, for instance Haswell, and try again." : ""
            return """
              A matrix product by \(maker) is wrong on this machine: \(m)×\(k) times \(k)×\(n), transposed \
              \(transposeA)/\(transposeB), differs from a plain loop by \(error) of its size.\(remedy)
              """
          }
        }
      }
    }
    return nil
  }

  /// The largest difference from a loop in double precision, as a share of the sum of absolute terms.
  private static func largestError(
    m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool, usesBLAS: Bool
  ) -> Double {
    var state: UInt32 = 12345
    func next() -> Float {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) - 1
    }
    let a = (0..<m * k).map { _ in next() }
    let b = (0..<k * n).map { _ in next() }
    var c = [Float](repeating: .nan, count: m * n)
    if usesBLAS {
      _ = isConfined
      cblas_sgemm(
        CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, blasint(m),
        blasint(n), blasint(k), 1, a, blasint(transposeA ? m : k), b, blasint(transposeB ? k : n), 0, &c, blasint(n))
    } else {
      let left = MatrixView(a, columns: transposeA ? m : k)
      let right = MatrixView(b, columns: transposeB ? k : n)
      multiply(
        m: m, n: n, k: k, transposeA ? left.transposed : left, transposeB ? right.transposed : right, into: &c)
    }
    var worst = 0.0
    for row in 0..<m {
      for column in 0..<n {
        var sum = 0.0
        var size = 1e-30
        for inner in 0..<k {
          let left = Double(a[transposeA ? inner * m + row : row * k + inner])
          let right = Double(b[transposeB ? column * k + inner : inner * n + column])
          sum += left * right
          size += (left * right).magnitude
        }
        let error = (Double(c[row * n + column]) - sum).magnitude / size
        worst = error > worst || error.isNaN ? error : worst
        if error.isNaN { return error }
      }
    }
    return worst
  }
}
