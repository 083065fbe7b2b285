import LineupDatasets
import LineupFormats
import LineupMeasurements
import Testing

/// The list of metrics, and a metric that is not in it yet.
@Suite struct MetricListTests {
  /// What a page of its own would add: one value.
  static let brightness = Metric(
    "brightness", title: "mean brightness", direction: .near(nil), section: .sharpness, space: .pixels,
    needs: [.realImages], meaning: "Mean of all pixels on [0, 1].",
    method: .images { evidence in
      let values = evidence.samples.features.values
      return Reading(values.reduce(0, +) / Double(values.count))
    })

  @Test func namesAreUniqueAndEveryMetricHasItsWords() {
    #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
    for metric in Metric.all {
      let words = [metric.name, metric.title, metric.head, metric.axis, metric.unit, metric.meaning]
      #expect(words.allSatisfy { !$0.isEmpty && !$0.contains("{") }, "\(metric.name)")
      #expect(metric.meaning.hasSuffix("."), "\(metric.name)")
      #expect(metric.traps.isEmpty || metric.traps.hasSuffix("."), "\(metric.name)")
    }
    #expect(Metric.all.inReadingOrder.count == Metric.all.count)
  }

  @Test func aNewMetricIsMeasuredBesideTheOthers() {
    let table = MeasuringTests.reference.measure(MeasuringTests.held, metrics: Metric.all + [Self.brightness])
    let pixels = MeasuringTests.held.pixels
    let expected = pixels.reduce(0) { $0 + Double($1) / 255 } / Double(pixels.count)
    #expect(abs((table["brightness"] ?? .nan) - expected) < 1e-9)
    #expect(table.values.count == Metric.all.ofImages.count + 1)
  }

  @Test func theSpaceFollowsTheNumberOfComponents() throws {
    let splits = MeasuringTests.splits
    func distances(_ components: Int) -> MetricTable {
      MeasurementReference(
        training: PixelBatch(splits.train.prefix(500)), real: MeasuringTests.test, componentCount: components
      ).measure(MeasuringTests.held)
    }
    let (few, many) = (distances(2), distances(32))
    #expect(few["fd_pix32"] == nil && many["fd_pix64"] == nil)
    let (two, all) = (try #require(few["fd_pix2"]), try #require(many["fd_pix32"]))
    // The first components are the same ones, so more of them can only add to the distance.
    #expect(two > 0 && all > 1.2 * two)
    #expect(few.values.first { $0.metric.name == "coverage" }?.metric.space?.name == "pix2")
    #expect(few["coverage"] != many["coverage"])
    #expect(FeatureSpace.componentCount(inName: "pix32") == 32 && FeatureSpace.componentCount(inName: "pixels") == nil)
  }

  @Test func theMetricsOfPointsAndCostsComeFromTheListToo() {
    let centres = FeatureMatrix(rows: 2, columns: 2, values: [0.0, 0, 1, 1])
    let points = FeatureMatrix(rows: 4, columns: 2, values: [0.0, 0, 0, 0.01, 1, 1, 5, 5])
    let modes = Metric.all.values(of: MixtureModes(points: points, centres: centres, deviation: 0.1))
    #expect(modes.map(\.metric.name) == Metric.all.ofPoints.map(\.name))
    #expect(modes.map(\.sampleCount) == [4, 4, 4])
    #expect(modes.first { $0.metric.name == Metric.modesCaptured.name }?.value == 2)
    #expect(modes.first { $0.metric.name == Metric.highQualityShare.name }?.value == 0.75)
    let cost = Metric.all.values(
      of: TrialCost(
        wallSeconds: 3, coreSeconds: 2, medianStepSeconds: 0.5, peakResidentBytes: 7, peakPoolBytes: 5, jobs: 4))
    #expect(cost.map(\.value) == [3, 2, 0.5, 7, 5, 4], "a speed that nobody measured has no row")
    #expect(cost[2].note == "beside 3 other workers")
  }
}
