import LineupKernels

/// The start of every process that computes.
package enum Engine {
  /// Sets one thread for the BLAS and checks that products are right on this processor.
  ///
  /// - Parameter outOfMemory: what the process leaves with when the system gives it no more memory.
  /// - Throws: when a product is wrong, which would spoil every result.
  package static func prepare(outOfMemory: ExitStatus) throws {
    MemoryExhaustion.leave(with: outOfMemory.rawValue)
    MatrixLibrary.prepare()
    if let fault = MatrixLibrary.selfTest() {
      throw StudyError.unsuitable("The matrix library cannot be trusted on this processor: \(fault)")
    }
  }
}
