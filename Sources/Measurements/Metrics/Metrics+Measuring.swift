extension MeasurementReference {
  /// All metrics of a set of images, always the same columns in the same order; NaN where one cannot be had.
  ///
  /// - Parameters:
  ///   - samples: generated images of the reference's size, or held-out real ones for the real-against-real row.
  ///   - classifier: what the measuring classifier says about them; nil leaves its columns NaN.
  ///   - metrics: what to measure; those of images are taken.
  package func measure(
    _ samples: PixelBatch, classifier: ClassifierOutput? = nil, metrics: [Metric] = Metric.all
  ) -> MetricTable {
    let evidence = ImageEvidence(samples, beside: self, classifier: classifier)
    return MetricTable(values: metrics.compactMap { $0.measured(onComponents: componentCount).value(of: evidence) })
  }
}

extension Metric {
  fileprivate func value(of evidence: ImageEvidence) -> MetricValue? {
    guard case .images(let measure) = method else { return nil }
    let missing = needs.lazy.compactMap { $0.absence(in: evidence) }.first
    let reading = missing.map(Reading.absent) ?? measure(evidence)
    return MetricValue(
      self, reading.value, realCount: reading.realCount ?? 0, sampleCount: reading.sampleCount ?? evidence.count,
      note: [reading.parameters, reading.note].filter { !$0.isEmpty }.joined(separator: "; "))
  }
}

extension [Metric] {
  /// The metrics of points.
  package func values(of modes: MixtureModes) -> [MetricValue] {
    compactMap { metric in
      guard case .points(let measure) = metric.method else { return nil }
      let value = measure(modes)
      return MetricValue(
        metric, value, sampleCount: modes.pointCount, note: value.isFinite ? nil : "no sample is near a mode")
    }
  }

  /// The metrics of reconstructions.
  package func values(of scores: ReconstructionScores) -> [MetricValue] {
    compactMap { metric in
      guard case .reconstruction(let measure) = metric.method else { return nil }
      let value = measure(scores)
      return MetricValue(
        metric, value, realCount: scores.imageCount,
        note: value.isFinite ? nil : "the images are smaller than the window of \(ReconstructionScores.window) pixels")
    }
  }

  /// What training a trial took, whatever the machine.
  package func values(of effort: TrialEffort) -> [MetricValue] {
    compactMap { metric in
      guard case .effort(let count) = metric.method else { return nil }
      return MetricValue(metric, Double(count(effort)))
    }
  }

  /// What a trial took of its machine.
  package func values(of cost: TrialCost) -> [MetricValue] {
    compactMap { metric in
      guard case .cost(let measure) = metric.method, let reading = measure(cost) else { return nil }
      return MetricValue(metric, reading.value, note: reading.note.isEmpty ? nil : reading.note)
    }
  }

  /// What an arm takes while nothing else runs.
  package func values(of timing: ArmTiming) -> [MetricValue] {
    compactMap { metric in
      guard case .timing(let measure) = metric.method, let value = measure(timing) else { return nil }
      return MetricValue(metric, value)
    }
  }
}
