import LineupDatasets
import LineupFormats
import LineupStrictJSON

/// The data sets that an experiment file can name, for people and as JSON.
package struct DataListing: Sendable {
  private let entries = DatasetCatalogue.entries()

  package init() {}

  /// A paragraph for each set: what it is, what it holds, and how to get it where it is not there.
  package var table: String {
    let width = (entries.map(\.name.count).max() ?? 0) + 2
    let margin = String(repeating: " ", count: width)
    return entries.map { entry in
      var lines = [entry.name + margin.dropFirst(entry.name.count) + entry.summary, margin + entry.contents]
      if !entry.isAvailable {
        lines.append(margin + "not on this machine; to get it: \(entry.installation)")
      } else if !entry.installation.isEmpty, entry.installation.hasPrefix("set ") {
        lines.append(margin + entry.installation)
      }
      return lines.joined(separator: "\n") + "\n"
    }.joined()
  }

  package var json: JSONValue {
    .array(entries.map { JSONValue(encoding: $0) })
  }
}
