import Foundation
import LineupRunRecords

/// A small pretended training: everything it records is a function of the step.
enum PretendedRun {
  static let provenance = Provenance(entries: [.init(name: "host", value: "somewhere"), .init(name: "cpu", value: "x")])

  static let layout = RunLayout(
    runID: "gan-7", study: "gan-vs-diffusion", family: "adversarial", arm: "plain", dataset: "ring", seed: .max,
    configJSON: #"{"name": "größe"}"#, configSHA256: "abc", trialSHA256: "def", attributes: [("note", .text("a test"))],
    lossNames: ["generator", "critic"], networkNames: ["generator", "critic"],
    evaluationMetrics: ["fd_pca64", MetricColumn("lhf", unit: "1", longName: "log high-frequency ratio"), "hits"],
    sample: .images(height: 4, width: 3, channels: 1), fixedSampleCount: 5, hasAverageSamples: true,
    grid: GridSize(height: 6, width: 8), spectrumFrequencies: [0, 0.25, 0.5])

  static func pixels(_ count: Int, _ seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed &* 17) }
  }

  static func loss(_ step: Int) -> Double { step == 13 ? .nan : 1 / Double(step) }

  /// Records steps, evaluating every 10 and committing every 5.
  static func record(_ steps: ClosedRange<Int>, in recorder: RunRecorder) throws {
    for step in steps {
      recorder.append(
        TrainRow(
          step: step, images: 32 * step, flops: step << 54,
          losses: [("generator", loss(step)), ("critic", -loss(step))],
          gradientNorms: [("critic", Double(step)), ("generator", 0.5)], learningRate: 1e-3,
          nanCount: step >= 13 ? 1 : 0))
      if step == 13 { recorder.appendEvent(step: 13, level: .warning, code: .nonFiniteLoss, "loss is not finite – ∞") }
      if step % 10 == 0 { evaluate(step, in: recorder) }
      if step % 5 == 0 {
        recorder.appendTiming(
          TimingRow(step: step, wallSeconds: Double.random(in: 1...2), residentBytes: step, poolPeakBytes: 7))
        try recorder.commit(step: step)
      }
    }
  }

  static func evaluate(_ step: Int, in recorder: RunRecorder) {
    recorder.appendEvaluation(step: step, flops: step, metrics: [("lhf", Double(step) / 3), ("fd_pca64", 2)])
    recorder.appendEvaluationTiming(TimingRow(step: step, wallSeconds: 3, secondsPerStep: 0.5))
    recorder.appendSamples(
      step: step, .bytes(pixels(60, step)), average: .bytes(pixels(60, step + 1)))
    recorder.appendGrid(step: step, pixels(6 * 8 * 3, step))
    recorder.appendSpectrum(step: step, [1, 0.5, Double(step)])
  }

  static func finish(_ recorder: RunRecorder) throws {
    for batch in 0..<3 {
      recorder.appendFinalSamples(
        .bytes(pixels(24, batch)), labels: [Int32(batch), -1], seeds: [UInt64(batch), .max])
    }
    try recorder.finish(
      status: .completed,
      metrics: [
        FinalMetric(
          "kid_pca64", 0.25, unit: "1", longName: "kernel distance", realCount: 1000, fakeCount: 900,
          extractor: "pca64", k: 5, blocks: 10, floor: 0.01, standardError: 0.002, higherIsBetter: false),
        FinalMetric("accuracy", .nan, unit: "%"),
      ],
      costs: [FinalMetric("seconds_per_step", Double.random(in: 0...1), unit: "s")])
  }
}
