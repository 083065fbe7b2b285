import LineupDatasets
import LineupFormats
import LineupStrictJSON

/// The data sets that an experiment file can name, for people and as JSON.
package enum DataListing {
  /// A paragraph for each set: what it is, what it holds, and how to get it where it is not there.
  package static var table: String {
    let width = (Dataset.all.map(\.name.count).max() ?? 0) + 2
    let margin = String(repeating: " ", count: width)
    return Dataset.all.map { set in
      var lines = [set.name + margin.dropFirst(set.name.count) + set.summary, margin + set.contents]
      if !set.isAvailable {
        lines.append(margin + "not on this machine; to get it: \(set.installation)")
      } else if set.folder != nil {
        lines.append(margin + set.installation)
      }
      return lines.joined(separator: "\n") + "\n"
    }.joined()
  }

  /// The same facts, an object a set.
  package static var json: JSONValue {
    .array(
      Dataset.all.map { set in
        [
          "name": .string(set.name), "kind": .string(set.mixture == nil ? "images" : "points"),
          "summary": .string(set.summary), "contents": .string(set.contents),
          "installation": .string(set.installation), "isAvailable": .boolean(set.isAvailable),
        ]
      })
  }
}
