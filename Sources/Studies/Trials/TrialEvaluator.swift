import LineupDatasets
import LineupFormats
import LineupLearning
import LineupMeasurements
import LineupNetworks
import LineupRunRecords
import LineupSupport
import LineupTensors

/// Measures a trial's samples at the marks and at the end. None of its work counts towards the budget.
struct TrialEvaluator {
  private enum Reference {
    case images(MeasurementReference, classifier: MeasuringClassifier?)
    case points(PointMixture)
  }

  let context: TrialContext
  let sampling: Sampling
  /// The weights to measure: the first one is the headline.
  let weights: [WeightChoice]
  let interimWeights: [WeightChoice]
  private let reference: Reference

  init(_ context: TrialContext, learner: some Learner) throws {
    self.context = context
    sampling = Sampling(context)
    let evaluation = context.specification.evaluation
    func available(_ wanted: [WeightChoice]) -> [WeightChoice] {
      let choices = wanted.map { $0 == .average ? WeightChoice.average : .raw }.filter {
        learner.keepsAverage || $0 == .raw
      }
      return choices.isEmpty ? [.raw] : choices
    }
    weights = available(evaluation.weights)
    interimWeights = available(evaluation.interimWeights)
    switch context.data {
    case .points(let mixture): reference = .points(mixture)
    case .images(let splits):
      let classifier = MeasuringClassifier(
        dataset: context.specification.data.name, sampleShape: context.data.sampleShape)
      reference = .images(
        RealImages.reference(splits, evaluation: evaluation, classifier: classifier), classifier: classifier)
    }
  }

  /// What one sample is in the run file.
  var sampleShape: SampleShape {
    let shape = context.data.sampleShape
    return shape.count == 3
      ? .images(height: shape[0], width: shape[1], channels: shape[2]) : .points(dimensions: shape[0])
  }

  /// The columns of every evaluation: the headline's under the metric's own name, other weights' in a group of their own.
  var columns: [MetricColumn] {
    interimWeights.enumerated().flatMap { index, choice in
      metrics.map {
        MetricColumn(index == 0 ? $0.name : "\(choice.rawValue)/\($0.name)", unit: $0.unit, longName: $0.title)
      }
    }
  }

  private var metrics: [Metric] {
    switch reference {
    case .images(let reference, _): Metric.all.ofImages.measured(onComponents: reference.componentCount)
    case .points: Metric.all.ofPoints
    }
  }

  var spectrumFrequencies: [Double] {
    guard case .images = reference else { return [] }
    let shape = context.data.sampleShape
    return PowerSpectrum(height: shape[0], width: shape[1]).radialFrequencies
  }

  /// Measures a set of samples. Quantised, a value that is not finite would pass for a colour, so nothing is measured.
  func measure(_ samples: Tensor) -> [RecordedMetric] {
    let broken = samples.withValues { $0.count { !$0.isFinite } }
    guard broken == 0 else {
      let reason = "\(broken) of the samples' values are not finite"
      return metrics.map { RecordedMetric(MetricValue($0, absent: reason)) }
    }
    switch reference {
    case .images(let reference, let classifier):
      let batch = PixelBatch(quantising: samples)
      return reference.measure(batch, classifier: classifier?.output(for: batch)).values.map(RecordedMetric.init)
    case .points(let mixture):
      return Metric.all.values(of: MixtureModes(points: samples.values, mixture: mixture)).map(RecordedMetric.init)
    }
  }

  /// At a mark: a few samples from fixed latents, their figures, their spectrum and their pictures.
  func evaluateInterim<L: Learner>(_ state: TrainingState<L>, recorder: RunRecorder) throws {
    let count = context.specification.evaluation.interimSamples
    var row: [(name: String, value: Double)] = []
    var drawn: [WeightChoice: Tensor] = [:]
    for (index, choice) in interimWeights.enumerated() {
      let samples = sampling.samples(from: state.learner, count: count, weights: choice)
      drawn[choice] = samples
      row += measure(samples).map { (index == 0 ? $0.name : "\(choice.rawValue)/\($0.name)", $0.value) }
    }
    recorder.appendEvaluation(step: state.step, flops: state.flops, metrics: row)
    let kept = fixedSampleCount
    let headline = drawn[interimWeights[0]]!.sliced(0, 0..<kept)
    let average =
      state.learner.keepsAverage
      ? (drawn[.average]?.sliced(0, 0..<kept) ?? sampling.samples(from: state.learner, count: kept, weights: .average))
      : nil
    let raw = drawn[.raw]?.sliced(0, 0..<kept) ?? sampling.samples(from: state.learner, count: kept, weights: .raw)
    recorder.appendSamples(step: state.step, stored(raw), average: average.map(stored))
    if case .images = reference {
      recorder.appendSpectrum(step: state.step, SharpnessProfile(of: PixelBatch(quantising: headline)).radialPower)
      let sheet = TrialPictures.displayGrid(headline, columns: gridColumns)
      recorder.appendGrid(step: state.step, sheet.pixels)
    }
  }

  /// How many samples from fixed latents are kept at each mark.
  var fixedSampleCount: Int {
    min(context.specification.evaluation.interimSamples, 4 * context.specification.evaluation.gridColumns)
  }

  var gridColumns: Int { min(context.specification.evaluation.gridColumns, fixedSampleCount) }

  /// At the end: all samples, all weights, reconstructions where there are any, and the pictures of the trial.
  ///
  /// - Returns: how many samples of the headline weights were drawn in a second.
  func evaluateFinal<L: Learner>(
    _ state: TrainingState<L>, recorder: RunRecorder, record: inout TrialRecord
  ) throws -> Double? {
    var samplesPerSecond: Double?
    try evaluateInterim(state, recorder: recorder)
    let count = context.specification.evaluation.samples
    record.weights = weights[0].rawValue
    for (index, choice) in weights.enumerated() {
      let start = Clock.seconds
      let samples = sampling.samples(from: state.learner, count: count, weights: choice)
      let seconds = Clock.seconds - start
      let metrics = measure(samples)
      if index == 0 {
        record.metrics = metrics
        samplesPerSecond = Double(count) / seconds
        recorder.appendFinalSamples(
          stored(samples), labels: paddedLabels(count), seeds: (0..<count).map { UInt64($0) })
        try TrialPictures(context: context, sampling: sampling).write(state.learner, samples: samples, weights: choice)
      } else {
        record.otherWeights = metrics
      }
    }
    if case .images(let splits) = context.data { record.metrics += reconstruction(state.learner, splits) }
    return samplesPerSecond
  }

  private func paddedLabels(_ count: Int) -> [Int32] {
    let labels = sampling.conditions(0..<count).labels
    return labels.isEmpty ? [Int32](repeating: -1, count: count) : labels
  }

  /// How well held-out images survive the learner's own encoder.
  private func reconstruction(_ learner: some Learner, _ splits: DatasetSplits) -> [RecordedMetric] {
    let set = context.specification.evaluation.split.part(of: splits).prefix(ReconstructionScores.standardCount)
    let input = Tensor(set.floats(Array(0..<set.count)), shape: [set.count, set.height, set.width, set.channels])
    guard let output = learner.reconstruct(input) else { return [] }
    let scores = ReconstructionScores(original: PixelBatch(set), reconstruction: PixelBatch(quantising: output))
    return Metric.all.values(of: scores).map(RecordedMetric.init)
  }

  private func stored(_ samples: Tensor) -> SampleValues {
    if case .points = reference { return .floats(samples.values) }
    return .bytes(PixelBatch(quantising: samples).pixels)
  }
}

extension RecordedMetric {
  package init(_ value: MetricValue) {
    self.init(
      value.metric.name, value.value, unit: value.metric.unit, higherIsBetter: value.metric.direction.higherIsBetter,
      extractor: value.metric.space?.name, realCount: value.realCount, sampleCount: value.sampleCount, note: value.note)
  }
}

extension FinalMetric {
  init(_ metric: RecordedMetric) {
    self.init(
      metric.name, metric.value, unit: metric.unit, longName: metric.note.flatMap { $0.isEmpty ? nil : $0 },
      realCount: metric.realCount,
      fakeCount: metric.sampleCount, extractor: metric.extractor, floor: metric.floor,
      higherIsBetter: metric.higherIsBetter)
  }
}

extension RunLayout {
  /// The objects of a trial's run file.
  init(_ context: TrialContext, learner: some Learner, evaluator: TrialEvaluator) {
    var grid: GridSize?
    if context.data.sampleShape.count == 3 {
      let empty = Tensor.zeros([evaluator.fixedSampleCount] + context.data.sampleShape)
      let sheet = TrialPictures.displayGrid(empty, columns: evaluator.gridColumns)
      grid = GridSize(height: sheet.height, width: sheet.width)
    }
    self.init(
      runID:
        "\(context.specification.name)/\(context.resolved.profileName)/\(context.trial.arm)/seed-\(context.trial.seed)",
      study: context.specification.name, family: context.arm.family.name, arm: context.trial.arm,
      dataset: context.specification.data.name, seed: context.trial.seed, configJSON: context.resolved.text,
      configSHA256: context.resolved.sha256, trialSHA256: context.identity,
      attributes: [("data_sha256", .text(context.data.hash))],
      lossNames: learner.lossNames, networkNames: learner.networkNames, evaluationMetrics: evaluator.columns,
      sample: evaluator.sampleShape, fixedSampleCount: evaluator.fixedSampleCount,
      hasAverageSamples: learner.keepsAverage, grid: grid, spectrumFrequencies: evaluator.spectrumFrequencies)
  }
}
