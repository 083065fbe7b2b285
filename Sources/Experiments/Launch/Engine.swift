import Kernels

/// The start of every process that computes.
public enum Engine {
  /// Chooses the fastest kernels of the BLAS, sets one thread, and checks that products are right on this processor.
  ///
  /// - Throws: when a product is wrong, which would spoil every result.
  public static func prepare() throws {
    MatrixLibrary.reexecuteIfFasterCoreExists(arguments: CommandLine.arguments)
    MatrixLibrary.prepare()
    if let fault = MatrixLibrary.selfTest() {
      throw StudyError.unsuitable("The matrix library cannot be trusted on this processor: \(fault)")
    }
  }
}
