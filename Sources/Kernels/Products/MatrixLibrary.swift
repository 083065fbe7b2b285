import CKernels
import COpenBLAS
import Glibc

/// The BLAS underneath: one thread, a core type worth having, and a check that it multiplies correctly here.
public enum MatrixLibrary {
  private static let coreVariable = "OPENBLAS_CORETYPE"

  /// BLAS runs on one thread: with more it splits sums by their number, and results would depend on it. Kernels touch
  /// this before their first product.
  static let isConfined: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// To be called once at start on the main thread: confines BLAS to one thread and lets denormal numbers be zero.
  public static func prepare() {
    _ = isConfined
    ck_flush_denormals()
  }

  /// The processor core that BLAS has chosen its kernels for, such as "Haswell"; part of a run's provenance.
  public static var coreName: String { String(cString: openblas_get_corename()) }

  /// "SkylakeX" where the processor has AVX-512 and BLAS did not notice (OpenBLAS 0.3.21 takes newer AMD cores for
  /// Haswell; the AVX-512 kernels are up to twice as fast there), nil where its choice stands or the user made one.
  public static func recommendedCoreType() -> String? {
    guard getenv(coreVariable) == nil, ck_has_avx512() != 0 else { return nil }
    return ["Haswell", "Zen", "Excavator"].contains(coreName) ? "SkylakeX" : nil
  }

  /// Replaces the process by itself with the recommended core type set, because BLAS reads it only while it is loaded.
  /// Returns where there is nothing to gain, or when the system refuses. Cannot loop: the variable is then set.
  ///
  /// - Parameter arguments: The command line, program name first.
  public static func reexecuteIfFasterCoreExists(arguments: [String]) {
    guard let core = recommendedCoreType(), setenv(coreVariable, core, 1) == 0 else { return }
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    pointers.append(nil)
    execv("/proc/self/exe", &pointers)
    for pointer in pointers { free(pointer) }
  }

  /// Multiplies matrices of awkward sizes in all four orientations and compares with plain loops.
  ///
  /// - Returns: nil if all agree, otherwise a sentence for the user that names core and size.
  public static func selfTest() -> String? {
    for (m, n, k) in [(1, 1, 1), (7, 5, 3), (33, 17, 65), (64, 48, 432), (129, 127, 70), (200, 96, 257)] {
      for orientation in 0..<4 {
        let transposeA = orientation & 1 != 0
        let transposeB = orientation & 2 != 0
        let error = largestError(m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB)
        if !(error <= 1e-5) {
          return """
            The matrix product of this machine's BLAS (core \(coreName)) is wrong: \(m)×\(k) times \(k)×\(n), \
            transposed \(transposeA)/\(transposeB), differs from a plain loop by \(error) of its size. Set \
            \(coreVariable) to another core, for instance Haswell, and try again.
            """
        }
      }
    }
    return nil
  }

  /// The largest difference from a loop in double precision, as a share of the sum of absolute terms.
  private static func largestError(m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool) -> Double {
    var state: UInt32 = 12345
    func next() -> Float {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) - 1
    }
    let a = (0..<m * k).map { _ in next() }
    let b = (0..<k * n).map { _ in next() }
    var c = [Float](repeating: .nan, count: m * n)
    multiplyMatrices(
      batch: 1, m: m, n: n, k: k, a: a, transposeA: transposeA, strideA: 0, b: b, transposeB: transposeB, strideB: 0,
      bias: nil, c: &c, strideC: 0)
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
