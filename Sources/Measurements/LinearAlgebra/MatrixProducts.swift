import CLineupOpenBLAS

/// OpenBLAS set to one thread, once: with several, sums are split differently and the last bits change.
private let singleThreadedLibrary: Void = openblas_set_num_threads(1)

/// left · right, or left · rightᵀ when `transposed`.
func product(_ left: FeatureMatrix, _ right: FeatureMatrix, transposed: Bool = false) -> FeatureMatrix {
  let inner = transposed ? right.columns : right.rows
  let columns = transposed ? right.rows : right.columns
  precondition(left.columns == inner, "cannot multiply \(left.columns) columns with \(inner) rows")
  var result = FeatureMatrix.zeros(left.rows, columns)
  left.values.withUnsafeBufferPointer { a in
    right.values.withUnsafeBufferPointer { b in
      result.values.withUnsafeMutableBufferPointer { c in
        multiply(
          a, b, into: c, rows: left.rows, inner: inner, columns: columns, rightStride: right.columns,
          rightTransposed: transposed)
      }
    }
  }
  return result
}

/// c = a · b (or a · bᵀ) over row-major buffers; a is `[rows, inner]`, c `[rows, columns]`.
func multiply(
  _ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, into c: UnsafeMutableBufferPointer<Double>,
  rows: Int, inner: Int, columns: Int, rightStride: Int, rightTransposed: Bool
) {
  guard rows > 0, columns > 0 else { return }
  singleThreadedLibrary
  cblas_dgemm(
    CblasRowMajor, CblasNoTrans, rightTransposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns),
    blasint(inner), 1, a.baseAddress, blasint(inner), b.baseAddress, blasint(rightStride), 0, c.baseAddress,
    blasint(columns))
}

/// Adds aᵀ · a to a full symmetric matrix `[columns, columns]`, where a is `[rows, columns]`.
func addGramOfColumns(_ a: FeatureMatrix, to sum: inout FeatureMatrix) {
  precondition(sum.rows == a.columns && sum.columns == a.columns, "the sum of products has another size")
  singleThreadedLibrary
  let size = a.columns
  sum.values.withUnsafeMutableBufferPointer { c in
    a.values.withUnsafeBufferPointer { a in
      cblas_dsyrk(
        CblasRowMajor, CblasUpper, CblasTrans, blasint(size), blasint(a.count / size), 1, a.baseAddress,
        blasint(size), 1, c.baseAddress, blasint(size))
    }
    for row in 0..<size {
      for column in 0..<row { c[row * size + column] = c[column * size + row] }
    }
  }
}
