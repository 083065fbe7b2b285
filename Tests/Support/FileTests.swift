import Foundation
import LineupSupport
import Testing

@Suite struct FileTests {
  /// A new folder that goes with the suite's value.
  private final class Scratch {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    init() throws { try Folder.make(path) }
    deinit { try? Folder.remove(path) }
    func file(_ name: String) -> String { "\(path)/\(name)" }
  }

  private let scratch: Scratch
  private let file: String

  init() throws {
    scratch = try Scratch()
    file = scratch.file("x")
  }

  @Test func whatIsWrittenIsThereWholeAndNothingElse() throws {
    try DurableFile.write("old", to: file)
    let streamed = try DurableFile(file)
    try streamed.write([UInt8](repeating: 65, count: 100_000))
    #expect(try WholeFile.text(file) == "old", "nothing shows before the file is whole")
    try streamed.write(Data("end".utf8))
    try streamed.commit()
    #expect(try WholeFile.read(file) == [UInt8](repeating: 65, count: 100_000) + Array("end".utf8))
    #expect(Folder.names(in: scratch.path) == ["x"])
  }

  @Test func aFileThatIsGivenUpLeavesTheOldOneAndNoTrace() throws {
    try DurableFile.write("old", to: file)
    do {
      let abandoned = try DurableFile(file)
      try abandoned.write([1, 2, 3] as [UInt8])
    }
    #expect(try WholeFile.text(file) == "old")
    #expect(Folder.names(in: scratch.path) == ["x"])
  }

  /// A link laid at the temporary name must not let its target be overwritten.
  @Test func linksAtTheTemporaryNameAreNotFollowed() throws {
    let victim = scratch.file("victim")
    try DurableFile.write("unharmed", to: victim)
    try FileManager.default.createSymbolicLink(atPath: file + ".partial", withDestinationPath: victim)
    try DurableFile.write("new", to: file)
    #expect(try WholeFile.text(victim) == "unharmed")
    #expect(try WholeFile.text(file) == "new")
  }

  /// What a dead process left is deleted; what a living one is writing is not.
  @Test func leftoversAreSweptAndLivingWritersAreNot() throws {
    #expect(FileManager.default.createFile(atPath: file + ".partial", contents: nil))
    #expect(FileManager.default.createFile(atPath: scratch.file("y.1.partial"), contents: nil))
    let first = try DurableFile(file)
    let second = try DurableFile(file)
    try first.write(Data("first".utf8))
    try second.write(Data("second".utf8))
    DurableFile.sweep(scratch.path)
    #expect(Folder.names(in: scratch.path) == ["x.1.partial", "x.partial"])
    try second.commit()
    try first.commit()
    #expect(try WholeFile.text(file) == "first")
    #expect(Folder.names(in: scratch.path) == ["x"])
  }

  @Test func faultsOfWritingNameTheFile() throws {
    let nowhere = scratch.file("no/x")
    #expect(throws: Fault.unwritable(nowhere, "No such file or directory")) { try DurableFile.write("", to: nowhere) }
    #expect(throws: Fault.unwritable(scratch.path, "Is a directory")) { try DurableFile.write("", to: scratch.path) }
    #expect(Folder.names(in: scratch.path).isEmpty)
    let full = #expect(throws: Fault.self) { try AppendedFile.append("x", to: "/dev/full") }
    #expect(full?.kind == .diskFull && full?.isDiskFull == true)
  }

  @Test(.timeLimit(.minutes(1))) func onlyRegularFilesAreRead() throws {
    #expect(throws: Fault(.missing, file: file)) { try WholeFile.read(file) }
    let pipe = scratch.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let refused = #expect(throws: Fault.self) { try WholeFile.read(pipe) }
    #expect(refused?.description == "\(pipe): cannot be read: found a pipe or a device, expected a file")
    let folder = #expect(throws: Fault.self) { try WholeFile.read(scratch.path) }
    #expect(folder?.found == "a folder")
    // The kernel says that its files are empty.
    #expect(try WholeFile.text("/proc/self/status").contains("VmRSS"))
  }

  @Test func journalsGrowByWholeLines() throws {
    try AppendedFile.append("one\n", to: file)
    try AppendedFile.append("two\n", to: file)
    #expect(try WholeFile.text(file) == "one\ntwo\n")
    try FileManager.default.createSymbolicLink(atPath: scratch.file("link"), withDestinationPath: file)
    #expect(throws: Fault.self) { try AppendedFile.append("three\n", to: scratch.file("link")) }
    #expect(try WholeFile.text(file) == "one\ntwo\n")
  }

  @Test func locksExcludeOneAnother() throws {
    var lock: FileLock? = try FileLock(file, guarding: "the trial")
    let fault = #expect(throws: Fault.self) { try FileLock(file, guarding: "the trial", patience: 0.05) }
    #expect(fault?.kind == .locked)
    #expect(fault?.description == "the trial: another process is working on it: wait for it, or stop it first")
    withExtendedLifetime(lock) {}
    lock = nil
    _ = try FileLock(file, guarding: "the trial")
  }

  @Test func numbersAreOverwrittenInPlace() throws {
    let number = try NumberFile(file)
    #expect(NumberFile.number(at: file) == nil)
    number.set(12)
    number.set(-1)
    #expect(NumberFile.number(at: file) == -1)
    #expect(try WholeFile.read(file).count == 8)
    #expect(NumberFile.number(at: scratch.file("none")) == nil)
  }

  @Test func foldersAreMadeWithThoseAboveThem() throws {
    try Folder.make(scratch.file("a/b/c"))
    try Folder.make(scratch.file("a/b/c"))
    #expect(Folder.isFolder(scratch.file("a/b/c")))
    try DurableFile.write("", to: file)
    #expect(throws: Fault(.unwritable, file: file, found: "a file", expected: "a folder")) { try Folder.make(file) }
    #expect(throws: Fault.unwritable(file + "/d", "Not a directory")) { try Folder.make(file + "/d") }
    try Folder.remove(scratch.file("a"))
    try Folder.remove(scratch.file("a"))
    #expect(!Folder.exists(scratch.file("a")))
  }
}
