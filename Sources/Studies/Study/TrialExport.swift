import Foundation
import LineupDatasets
import LineupFormats
import LineupRunRecords
import LineupSupport
import LineupTensors

/// The formats that a trial can be exported in.
package enum ExportFormat: String, Sendable, CaseIterable { case png, npz, csv, safetensors, diffusers }

/// Writes what a trial made for other programs.
package struct TrialExport {
  let trial: String
  let folder: String
  private let report: (String) -> Void

  /// - Parameters:
  ///   - trial: the trial's folder, `RESULTS/NAME/PROFILE/runs/ARM/seed-N`.
  ///   - folder: where to write; made if it is not there.
  ///   - report: is told of what people should know and is no error.
  package init(trial: String, to folder: String, report: @escaping (String) -> Void = { _ in }) {
    self.trial = trial
    self.folder = folder
    self.report = report
  }

  /// - Returns: the paths of the files.
  package func write(_ format: ExportFormat) throws -> [String] {
    try Folder.make(folder)
    switch format {
    case .png: return try writePictures()
    case .npz: return try [writeArray()]
    case .csv: return try writeSeries()
    case .safetensors:
      let path = "\(folder)/weights.safetensors"
      try trained().exportWeights(to: path)
      return [path]
    case .diffusers:
      return try trained().exportPipeline(to: folder)
    }
  }

  private func trained() throws -> TrainedTrial {
    let trained = try TrainedTrial(folder: trial)
    for problem in trained.passedOver { report("\(problem); an older checkpoint is taken") }
    return trained
  }

  private func samples() throws -> (bytes: [UInt8], shape: [Int]) {
    let path = TrialFolder(path: trial).run
    guard let final = try RunReader(path: path).finalSamples(), final.samples.shape.count == 4,
      case .bytes(let bytes) = final.samples.values
    else {
      throw StudyError.unsuitable("\(path): there are no final images. They are written when the trial completes.")
    }
    return (bytes, final.samples.shape)
  }

  private func writePictures() throws -> [String] {
    let (bytes, shape) = try samples()
    let pictures = Picture.pictures(bytes, height: shape[1], width: shape[2], channels: shape[3])
    return try pictures.enumerated().map { index, picture in
      let number = String(format: "%05d", index)
      let path = "\(folder)/sample-\(number).png"
      try picture.writePNG(to: path)
      return path
    }
  }

  private func writeArray() throws -> String {
    let (bytes, shape) = try samples()
    let path = "\(folder)/samples.npz"
    try NPZArchive([("arr_0", NPZArchive.Array(bytes, shape: shape))]).write(to: path)
    return path
  }

  private func writeSeries() throws -> [String] {
    let reader = try RunReader(path: TrialFolder(path: trial).run)
    return try [(RunSeries.train, "train"), (.evaluation, "evaluation")].map { series, name in
      let columns = try reader.columnNames(of: series)
      let values = try columns.map { try reader.column($0, of: series) }
      var lines = [columns.joined(separator: ",")]
      for row in 0..<(values.map(\.count).min() ?? 0) {
        lines.append(
          values.map { $0[row] == $0[row].rounded() && abs($0[row]) < 1e15 ? "\(Int($0[row]))" : "\($0[row])" }.joined(
            separator: ","))
      }
      let path = "\(folder)/\(name).csv"
      try DurableFile.write(lines.joined(separator: "\n") + "\n", to: path)
      return path
    }
  }
}
