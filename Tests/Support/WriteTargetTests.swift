import Foundation
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct WriteTargetTests {
  private func told(_ path: String) -> String {
    do { return try WriteTarget.resolved(path) } catch { return "\(error)" }
  }

  @Test func linksAreFollowedAndStay() throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      try Data("old".utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
      try files.createSymbolicLink(atPath: "\(folder)/near", withDestinationPath: "file")
      try files.createSymbolicLink(atPath: "\(folder)/far", withDestinationPath: "\(folder)/near")
      try files.createSymbolicLink(atPath: "\(folder)/free", withDestinationPath: "nothing")
      for name in ["file", "near", "far"] { #expect(told("\(folder)/\(name)") == "\(folder)/file") }
      #expect(told("\(folder)/free") == "\(folder)/nothing" && told("\(folder)/new") == "\(folder)/new")
      #expect(told("new") == "new")
    }
  }

  @Test func whatIsNoFileIsRefused() throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      try files.createSymbolicLink(atPath: "\(folder)/one", withDestinationPath: "two")
      try files.createSymbolicLink(atPath: "\(folder)/two", withDestinationPath: "one")
      try files.createSymbolicLink(atPath: "\(folder)/lost", withDestinationPath: "none/file")
      try files.createSymbolicLink(atPath: "\(folder)/null", withDestinationPath: "/dev/null")
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      #expect(mkfifo("\(folder)/pipe", 0o644) == 0)
      #expect(told("\(folder)/one").contains("links that lead in a circle"))
      #expect(told("\(folder)/lost").contains("cannot be written: there is no folder \(folder)/none"))
      #expect(told("\(folder)/none/file").contains("there is no folder \(folder)/none"))
      #expect(told("\(folder)/file/x").contains("cannot be written"))
      for name in ["pipe", "null"] { #expect(told("\(folder)/\(name)").contains("found a pipe, a socket or a device")) }
      #expect(told("/dev/null").contains("found a pipe, a socket or a device"))
      #expect(told(folder).contains("found a folder") && told("").contains("name of a folder"))
      #expect(told("\(folder)/").contains("name of a folder"))
    }
  }
}
