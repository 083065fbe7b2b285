/// How large anything may become that a file holds in a packed form. A few bytes can stand for gigabytes of zeros, so what
/// unpacks to far more than real data do is refused before memory is taken for it.
package enum Unpacking {
  /// The most bytes that may come out of a file or a part of one.
  ///
  /// - Parameter bytes: how many the packed form has.
  package static func limit(packed bytes: Int) -> Int {
    let (product, overflow) = bytes.multipliedReportingOverflow(by: 100)
    return overflow ? .max : max(100_000_000, product)
  }
}
