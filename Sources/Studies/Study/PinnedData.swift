import LineupDatasets
import LineupFormats
import LineupStrictJSON
import LineupSupport

/// The data of one's own that a study stands on, frozen at its launch: `data.json`, which is published, and where the files
/// are on this machine, which is not.
struct PinnedData {
  let folder: StudyFolder

  /// Remembers where the files are: an experiment file may say it relative to itself.
  func remember(location: String?) throws(Fault) {
    guard let location else { return }
    try Folder.make(folder.runs)
    try DurableFile.write(location + "\n", to: folder.dataLocation)
  }

  /// Where the files are; nil where nothing was remembered.
  var location: String? {
    guard let text = try? WholeFile.text(folder.dataLocation) else { return nil }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Freezes what the data are.
  func freeze(_ data: TrialData) throws(Fault) {
    guard let manifest = data.manifest else { return }
    try JSONFile.write(manifest, to: folder.data)
  }

  /// Refuses data that are not those of the launch.
  func check(_ data: TrialData, of request: DataRequest) throws {
    guard let now = data.manifest else { return }
    guard Folder.exists(folder.data) else {
      throw StudyError.unsuitable(
        """
        \(folder.path): this study began before data were pinned, and its pictures were divided into parts by another \
        rule. It can be reported but not gone on with: choose another --results folder, or add --fresh to start anew.
        """)
    }
    let changes = try JSONFile.read(DataManifest.self, from: folder.data).changes(to: now)
    guard changes.isEmpty else { throw StudyError.changedData(path: request.path ?? "", changes: changes) }
  }
}

extension TrialData {
  /// Loads the data of a study that was launched before, if they are still those of its launch.
  package init(_ request: DataRequest, pinnedIn folder: StudyFolder) throws {
    try self.init(request)
    try PinnedData(folder: folder).check(self, of: request)
  }

  /// The identity of data of one's own; nil for data that a package brings or that are drawn.
  var manifest: DataManifest? {
    guard case .images(let splits) = self else { return nil }
    return splits.manifest
  }
}
