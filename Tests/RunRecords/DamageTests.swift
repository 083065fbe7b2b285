import Foundation
import LineupRunRecords
import LineupSupport
import LineupTestSupport
import Testing

/// Files that are not what they should be: every one of them gives an error, none may stop the process.
@Suite struct DamageTests {
  let folder = try! TemporaryFolder()

  /// A file as a killed process leaves it: copied while its writer has it open.
  func abandoned() throws -> [UInt8] {
    let path = folder.file("live.h5")
    let recorder = try RunRecorder.create(
      path: path, layout: PretendedRun.layout, provenance: PretendedRun.provenance)
    try PretendedRun.record(1...20, in: recorder)
    PretendedRun.evaluate(21, in: recorder)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    try recorder.finish(status: .completed)
    return bytes
  }

  func finished() throws -> [UInt8] {
    let path = folder.file("finished.h5")
    let recorder = try RunRecorder.create(
      path: path, layout: PretendedRun.layout, provenance: PretendedRun.provenance)
    try PretendedRun.record(1...20, in: recorder)
    try PretendedRun.finish(recorder)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Reads all there is; the result does not matter.
  func readEverything(_ bytes: some Sequence<UInt8>) throws {
    let path = folder.file("damaged.h5")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try RunReader(path: path).readEverything()
  }

  func survives(_ bytes: some Sequence<UInt8>) -> Fault? {
    do {
      try readEverything(bytes)
      return nil
    } catch let error as Fault {
      return error
    } catch {
      Issue.record("an error of another type: \(error)")
      return nil
    }
  }

  @Test func aFileThatIsBeingWrittenCanBeReadFromACopy() throws {
    let path = folder.file("copy.h5")
    try Data(try abandoned()).write(to: URL(fileURLWithPath: path))
    let run = try RunReader(path: path)
    #expect(run.isLive)
    #expect(try run.status() == .running)
    #expect(try run.committedStep() == 20)
    #expect(try run.steps(of: .train) == Array(1...20))
    #expect(try run.gridSteps() == [10, 20])
    #expect(try run.finalMetrics().isEmpty)
  }

  @Test func aTruncatedFileGivesAnError() throws {
    for bytes in [try finished(), try abandoned()] {
      #expect(survives(bytes) == nil)
      for length in stride(from: 0, to: bytes.count - bytes.count / 50, by: max(1, bytes.count / 97)) {
        #expect(survives(bytes.prefix(length)) != nil, "cut to \(length) of \(bytes.count) bytes")
      }
    }
  }

  @Test func damagedBytesGiveAnErrorOrAreHarmless() throws {
    let bytes = try finished()
    var errors = 0
    for offset in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 499)) {
      var damaged = bytes
      damaged[offset] ^= 0x55
      if survives(damaged) != nil { errors += 1 }
    }
    #expect(errors > 50)
  }

  @Test func otherFilesAreRefusedByName() throws {
    #expect(throws: Fault.fileMissing(file: folder.file("none.h5"))) {
      try RunReader(path: folder.file("none.h5"))
    }
    #expect(throws: Fault.fileMissing(file: folder.path)) { try RunReader(path: folder.path) }
    let path = folder.file("text.h5")
    try Data("not HDF5".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: Fault.notHDF5(file: path)) { try RunReader(path: path) }
  }

  @Test func aFolderThatIsMissingIsNamed() throws {
    let path = folder.file("none/run.h5")
    let error = #expect(throws: Fault.self) {
      try RunRecorder.create(path: path, layout: PretendedRun.layout, provenance: Provenance())
    }
    #expect(
      error == .cannotWrite(file: path, object: "the file", reason: "No such file or directory"))
  }
}
