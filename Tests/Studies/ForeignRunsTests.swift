import Foundation
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

/// Files that are read in a process of their own first.
@Suite struct ForeignRunsTests {
  private let folder = try! TemporaryFolder()

  /// Examines two files by a program that is a script.
  private func examine(_ script: String) throws {
    let program = try folder.write("program", "#!/bin/sh\n" + script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    try ForeignRuns.examine(["a/run.h5", "b/run.h5"], executable: program)
  }

  @Test func aProcessThatReadsThemAllIsContent() throws {
    try examine("[ \"$*\" = 'examine -- a/run.h5 b/run.h5' ] || exit 3; echo reading; echo reading")
  }

  @Test func itsDeathIsAnErrorOfTheFileItRead() throws {
    let fault = try #require(throws: Fault.self) { try examine("echo reading; echo reading; kill -SEGV $$") }
    #expect(fault.kind == .unreadable && fault.file == "b/run.h5")
    #expect(fault.cause == "the process that read it ended by signal 11: the file is damaged or hostile")
  }

  @Test func itsWordsAreKept() throws {
    let fault = try #require(throws: Fault.self) {
      try examine("echo reading; echo 'lineup: a/run.h5, /values: found a virtual dataset' >&2; exit 1")
    }
    #expect("\(fault)" == "a/run.h5: cannot be read: /values: found a virtual dataset")
  }
}
