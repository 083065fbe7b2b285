import Foundation

/// The folder of the whole package, whose documents, experiments and sources some tests read.
package let repositoryRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
