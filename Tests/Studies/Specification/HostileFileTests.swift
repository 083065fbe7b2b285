import Foundation
import LineupFormats
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupTensors
import Testing

/// Whatever a file holds, reading it gives a study or a list of faults, and never ends the process.
@Suite struct HostileFileTests {
  /// A resolved study, or nil where there are faults; every fault must say something.
  private func read(_ bytes: [UInt8], in files: ExperimentFiles) throws -> ResolvedSpecification? {
    try Data(bytes).write(to: URL(fileURLWithPath: files.path("study.json")))
    do {
      return try files.resolve()
    } catch let error as SpecificationError {
      #expect(!error.issues.isEmpty)
      #expect(error.issues.allSatisfy { !$0.found.isEmpty && !$0.expected.isEmpty })
      return nil
    }
  }

  @Test func damagedBytesAreFaultsAndNotCrashes() throws {
    let files = try ExperimentFiles([:])
    var random = RandomStream(seed: 1)
    let sound = Array(soundStudy.utf8)
    for _ in 0..<400 {
      var bytes = sound
      for _ in 0...random.integer(below: 3) {
        let place = random.integer(below: bytes.count)
        switch random.integer(below: 3) {
        case 0: bytes[place] = UInt8(random.integer(below: 256))
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(place + 8, bytes.count)], at: place)
        }
      }
      _ = try read(bytes, in: files)
    }
    for length in stride(from: 0, to: sound.count, by: 7) {
      #expect(try read(Array(sound[..<length]), in: files) == nil)
    }
  }

  /// Every value of a study is replaced by values of other kinds and sizes, one at a time.
  @Test func strangeValuesAreFaultsOrUsable() throws {
    let files = try ExperimentFiles(["study.json": soundStudy])
    let whole = try files.resolve().value
    let strange = [
      "null", "true", "0", "-1", "1e-320", "1e308", "18446744073709551615", "-9223372036854775808", "0.5", #""""#,
      #""é/\u0000""#, "[]", "[[]]", "{}", #"{"a": [null]}"#,
    ]
    for pointer in pointers(in: whole, at: .root) where !pointer.tokens.isEmpty {
      for text in strange {
        guard !pointer.tokens.contains(where: { Int($0) != nil }) else { continue }
        let setting = try Override("\(pointer.tokens.joined(separator: "."))=\(text)")
        do {
          let study = try SpecificationFile(path: files.path("study.json")).resolve(settings: [setting])
          #expect(study.sha256.count == 64)
        } catch {
          #expect(!error.issues.isEmpty)
        }
      }
    }
  }

  private func pointers(in value: JSONValue, at pointer: JSONPointer) -> [JSONPointer] {
    [pointer] + value.keys.flatMap { pointers(in: value[$0] ?? .null, at: pointer.appending($0)) }
  }
}
