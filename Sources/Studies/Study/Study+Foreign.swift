import LineupStrictJSON
import LineupSupport

extension Study {
  /// Throws for the first record of a trial that is there and cannot be read, instead of counting one trial less.
  package func requireReadableRecords() throws(Fault) {
    for trial in trials where Folder.exists(folder.record(trial)) {
      _ = try JSONFile.read(TrialRecord.self, from: folder.record(trial))
    }
  }
}
