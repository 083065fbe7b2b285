import CLineupOpenBLAS

/// Eigenvalues in ascending order and the unit eigenvectors that belong to them, one a row.
struct SymmetricEigen {
  let values: [Double]
  let vectors: FeatureMatrix

  /// The whole decomposition of a symmetric matrix.
  init(_ matrix: FeatureMatrix) {
    let (values, vectors) = Self.decompose(matrix, wantVectors: true)
    self.values = values
    self.vectors = vectors
  }

  /// The eigenvalues of a symmetric matrix alone, ascending.
  static func values(of matrix: FeatureMatrix) -> [Double] {
    decompose(matrix, wantVectors: false).values
  }

  /// The `count` largest eigenvalues, in descending order, with their eigenvectors, one a row.
  static func leading(_ count: Int, of matrix: FeatureMatrix) -> (values: [Double], vectors: FeatureMatrix) {
    let size = matrix.rows
    precondition(matrix.columns == size && (1...size).contains(count), "cannot take \(count) eigenvectors of \(size)")
    var order = blasint(size)
    var (first, last) = (blasint(size - count + 1), blasint(size))
    var (lower, upper, tolerance) = (0.0, 0.0, 0.0)
    var (found, status) = (blasint(0), blasint(0))
    var entries = matrix.values
    var values = [Double](repeating: 0, count: size)
    var vectors = [Double](repeating: 0, count: size * count)
    var support = [blasint](repeating: 0, count: 2 * count)
    var (workSize, integerSize) = (blasint(-1), blasint(-1))
    var work = [0.0]
    var integerWork = [blasint(0)]
    for pass in 0..<2 {  // The first call asks for the sizes of the work space.
      if pass == 1 {
        workSize = blasint(work[0])
        integerSize = integerWork[0]
        work = [Double](repeating: 0, count: Int(workSize))
        integerWork = [blasint](repeating: 0, count: Int(integerSize))
      }
      dsyevr_(
        "V", "I", "U", &order, &entries, &order, &lower, &upper, &first, &last, &tolerance, &found, &values, &vectors,
        &order, &support, &work, &workSize, &integerWork, &integerSize, &status)
    }
    precondition(status == 0 && found == blasint(count), "the eigenvalue problem was not solved (LAPACK \(status))")
    // LAPACK's columns are our rows; the largest value comes first.
    let ascending = FeatureMatrix(rows: count, columns: size, values: vectors)
    return (values.prefix(count).reversed(), ascending.rows(at: (0..<count).reversed()))
  }

  private static func decompose(
    _ matrix: FeatureMatrix, wantVectors: Bool
  ) -> (values: [Double], vectors: FeatureMatrix) {
    let size = matrix.rows
    precondition(matrix.columns == size, "eigenvalues need a square matrix, not \(size)×\(matrix.columns)")
    var order = blasint(size)
    var entries = matrix.values
    var values = [Double](repeating: 0, count: size)
    var (workSize, integerSize) = (blasint(-1), blasint(-1))
    var work = [0.0]
    var integerWork = [blasint(0)]
    var status = blasint(0)
    for pass in 0..<2 {
      if pass == 1 {
        workSize = blasint(work[0])
        integerSize = integerWork[0]
        work = [Double](repeating: 0, count: Int(workSize))
        integerWork = [blasint](repeating: 0, count: Int(integerSize))
      }
      dsyevd_(
        wantVectors ? "V" : "N", "U", &order, &entries, &order, &values, &work, &workSize, &integerWork, &integerSize,
        &status)
    }
    precondition(status == 0, "the eigenvalue problem was not solved (LAPACK \(status))")
    return (values, FeatureMatrix(rows: size, columns: size, values: entries))
  }

  /// The symmetric square root; eigenvalues that rounding made negative count as zero.
  var squareRoot: FeatureMatrix {
    var scaled = vectors
    let size = vectors.columns
    for row in 0..<size {
      // Half of the root goes to each side of the product of the eigenvectors with themselves.
      let factor = max(values[row], 0).squareRoot().squareRoot()
      for column in 0..<size { scaled[row, column] *= factor }
    }
    var root = FeatureMatrix.zeros(size, size)
    addGramOfColumns(scaled, to: &root)
    return root
  }
}
