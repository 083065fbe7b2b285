import LineupSupport

/// The digest of a finished run file, beside it as `run.h5.sha256`, in the form that `sha256sum -c` reads. A file that is being
/// written has none.
package enum RunDigest {
  /// Where the digest of a run file is.
  package static func path(of run: String) -> String { "\(run).sha256" }

  /// Notes the digest of a finished file.
  static func write(_ digest: String, of run: String) throws(Fault) {
    let name = run.split(separator: "/").last.map(String.init) ?? run
    try DurableFile.write("\(digest)  \(name)\n", to: path(of: run))
  }

  /// Takes the digest away, before the file is taken up again.
  static func remove(of run: String) throws(Fault) {
    if Folder.exists(path(of: run)) { try Folder.remove(path(of: run)) }
  }

  /// Compares a file with its digest, before HDF5 opens it.
  ///
  /// - Returns: whether there is a digest.
  /// - Throws: where the file is not what was finished.
  @discardableResult package static func check(_ run: String) throws(Fault) -> Bool {
    guard Folder.exists(path(of: run)) else { return false }
    let stored = try WholeFile.text(path(of: run)).prefix { $0 != " " }
    let computed = try SHA256.hexadecimalDigest(ofFile: run)
    guard stored == computed else {
      throw Fault(
        .malformed, file: run, found: "the SHA-256 \(computed)", expected: String(stored.prefix(64)),
        cause: "the file is damaged")
    }
    return true
  }
}
