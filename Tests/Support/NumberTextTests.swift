import LineupSupport
import Testing

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (nil, "–"), (.nan, "–"), (.infinity, "∞"), (-.infinity, "−∞"), (0, "0"), (7, "7"), (-1234, "−1,234"),
      (99_999, "99,999"), (0.12345, "0.123"), (1.005, "1.00"), (12.345, "12.3"), (123.4, "123"), (1234.4, "1,234"),
      (-0.5, "−0.500"), (0.00012, "1.2 × 10⁻⁴"), (123_456, "1.23 × 10⁵"), (-1e6, "−1 × 10⁶"),
    ] as [(Double?, String)])
  func shortHasThreeDigits(value: Double?, text: String) { #expect(NumberText.short(value) == text) }

  @Test(arguments: [(0, "0"), (1e9, "10⁹"), (2.5e12, "2.5 × 10¹²"), (8.04e-7, "8.04 × 10⁻⁷"), (.infinity, "–")])
  func scientificDropsWhatSaysNothing(value: Double, text: String) { #expect(NumberText.scientific(value) == text) }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-45_000, "−45,000"),
    (.min, "−9,223,372,036,854,775,808"),
  ])
  func countsAreGrouped(value: Int, text: String) { #expect(NumberText.count(value) == text) }

  @Test(arguments: [
    (0.25, "25"), (0.025, "2.5"), (0.02, "2"), (0.999, "100"), (-0.5, "−50"), (-0.025, "−2.5"), (1e9, "10¹¹"),
  ])
  func percentsNeverBreak(share: Double, text: String) { #expect(NumberText.percent(share) == text + "\u{A0}%") }

  @Test(
    arguments: [(nil, "–"), (12, "12"), (260_000, "260 k"), (2.02e6, "2.02 M"), (1e12, "1 T")] as [(Double?, String)])
  func largeNumbersHaveALetter(value: Double?, text: String) { #expect(NumberText.large(value) == text) }

  @Test(
    arguments: [
      (nil, "–"), (2e-6, "2 µs"), (0.0123, "12.3 ms"), (4.56, "4.56 s"), (200, "3 min 20 s"),
    ] as [(Double?, String)])
  func secondsHaveTheirUnit(value: Double?, text: String) { #expect(NumberText.seconds(value) == text) }

  @Test(
    arguments: [(nil, "–"), (512, "512 B"), (1536, "1.5 KiB"), (12.3 * 1_048_576, "12.3 MiB")] as [(Double?, String)])
  func bytesHaveTheirUnit(value: Double?, text: String) { #expect(NumberText.bytes(value) == text) }

  @Test(arguments: [
    (9.99, "9.99"), (9.996, "10"), (99.94, "99.9"), (99.96, "100"), (12_345.6, "12,346"), (2e12, "2 × 10¹²"),
  ])
  func significantHasThreeDigits(value: Double, text: String) { #expect(NumberText.significant(value) == text) }
}
