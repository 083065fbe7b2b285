import LineupSupport
import Testing

@Suite struct WordsTests {
  @Test(arguments: [
    (0, "0 s"), (4.26, "4.3 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 0 s"),
    (200, "3 min 20 s"),
    (3599.7, "1 h 00 min"), (7500, "2 h 05 min"), (360_000, "100 h 00 min"), (3.1 * 365.25 * 86400, "3.1 years"),
    (.nan, "–"), (.infinity, "–"),
  ])
  func durations(_ seconds: Double, _ words: String) { #expect(NumberText.duration(seconds) == words) }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (1_048_576, "1 MiB"), (5 << 30, "5 GiB"),
  ])
  func bytes(_ count: Int, _ words: String) { #expect(NumberText.bytes(count) == words) }

  @Test(arguments: [
    (0.0001234, "1.2 × 10⁻⁴"), (0.1234, "0.123"), (-1.234, "−1.23"), (12.34, "12.3"), (1234, "1,234"),
    (123_456_789, "1.23 × 10⁸"), (.nan, "–"), (-.infinity, "−∞"),
  ])
  func numbers(_ number: Double, _ words: String) { #expect(NumberText.short(number) == words) }

  @Test func countsSharesAndSizes() {
    #expect(NumberText.count(-1_234_567) == "−1,234,567")
    #expect(NumberText.percent(0.025) == "2.5\u{A0}%" && NumberText.percent(0.25) == "25\u{A0}%")
    #expect(NumberText.large(2_020_000) == "2.02 M")
    #expect(NumberText.seconds(0.0123) == "12.3 ms" && NumberText.seconds(4.56) == "4.56 s")
  }

  /// The line that the reader of a fault sees.
  @Test func faultsSayWhereAndWhat() {
    let place = Fault(
      .malformed, file: "a.json", line: 3, column: 5, place: "/seed", found: "text", expected: "a number", cause: "why")
    #expect("\(place)" == "a.json:3:5, /seed: found text, expected a number: why")
    #expect("\(Fault(.missing, file: "a"))" == "a: cannot be read: there is no such file or folder")
    #expect("\(Fault.unreadable("a", "no permission"))" == "a: cannot be read: no permission")
    #expect("\(Fault.unfit("a", ["x: missing", "y: extra"]))" == "a: does not fit:\n  x: missing\n  y: extra")
    let full = Fault(.diskFull, file: "a", cause: "No space left on device")
    #expect(
      "\(full)"
        == "a: cannot be written: No space left on device: free some space and run the same command again")
  }

  @Test func theClockGoesForward() {
    let (start, cores) = (Clock.seconds, ProcessUsage.coreSeconds)
    var sum = 0.0
    while Clock.seconds < start + 0.02 { sum += Double.random(in: 0...1) }
    #expect(sum > 0 && ProcessUsage.coreSeconds > cores)
    #expect(Clock.timestamp.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    #expect(abs(Clock.secondsSince1970 - 1.8e9) < 2e9)
    #expect(ProcessUsage.residentBytes > 1 << 20 && ProcessUsage.peakResidentBytes >= ProcessUsage.residentBytes / 2)
  }
}
