import Foundation

extension MeasurementReference {
  /// All measurements of a set of images, always the same columns in the same order; NaN where one cannot be had.
  ///
  /// - Parameters:
  ///   - samples: generated images of the reference's size, or held-out real ones for the real-against-real row.
  ///   - classifier: what the measuring classifier says about them; nil leaves its columns NaN.
  package func measure(_ samples: PixelBatch, classifier: ClassifierOutput? = nil) -> MetricTable {
    precondition(samples.count >= 2, "measurements need two images or more, not \(samples.count)")
    precondition(
      classifier.map { $0.predictions.count == samples.count } ?? true,
      "the classifier was shown another number of images")
    var table = MetricTable()
    let features = components.transform(samples)
    addSharpness(of: samples, to: &table)
    addDistances(of: features, to: &table)
    addNeighbourScores(of: features, to: &table)
    addCopying(of: features, to: &table)
    addClassifierColumns(classifier, count: samples.count, to: &table)
    return table
  }

  private func addSharpness(of samples: PixelBatch, to table: inout MetricTable) {
    let profile = SharpnessProfile(of: samples)
    let (n, real) = (samples.count, min(realFeatures.rows, 2000))
    table.add("varlap", profile.laplacianVariance, generated: n)
    table.add(
      "varlap_ratio", profile.laplacianVariance / sharpness.laplacianVariance, real: real, generated: n,
      note: "1 is like real images")
    table.add("tenengrad", profile.tenengrad, generated: n)
    table.add("hfer", profile.highFrequencyShare, generated: n, parameters: "above 0.5, Hann")
    table.add(
      "lhf", log(profile.highFrequencyPower / sharpness.highFrequencyPower), real: real, generated: n,
      parameters: "above 0.5, Hann", note: "0 is like real images")
    table.add("blur11", profile.blurEffect11, generated: n, parameters: "box=11")
    table.add("blur3", profile.blurEffect3, generated: n, parameters: "box=3")
    table.add("noise_sigma", profile.noiseDeviation, generated: n)
  }

  private func addDistances(of features: FeatureMatrix, to table: inout MetricTable) {
    let n = features.rows
    table.add("fd_pix64", frechet.distance(to: features), real: realFeatures.rows, generated: n)
    addKernelDistance(real: realFeatures, generated: features, space: "pix64", to: &table)
  }

  private func addKernelDistance(
    real: FeatureMatrix, generated: FeatureMatrix, space: String, to table: inout MetricTable
  ) {
    let kernel = kernelInceptionDistance(real: real, generated: generated)
    let used = min(real.rows, generated.rows, 5000)
    table.add("kid_\(space)", kernel.value, real: used, generated: used, parameters: "cubic, unbiased")
    table.add(
      "kid_\(space)_se", kernel.standardError, real: used, generated: used, parameters: "blocks=\(kernel.blocks)")
  }

  private func addNeighbourScores(of features: FeatureMatrix, to table: inout MetricTable) {
    let used = min(features.rows, realFeatures.rows, 5000)
    var scores: NeighbourScores?
    if used > k {
      let equal =
        balls.flatMap { $0.features.rows == used ? $0 : nil }
        ?? NeighbourBalls(of: realFeatures.evenlySpaced(used), k: k)
      scores = equal.scores(of: features.evenlySpaced(used))
    }
    let columns: [(String, KeyPath<NeighbourScores, Double>)] = [
      ("precision", \.precision), ("recall", \.recall), ("density", \.density), ("coverage", \.coverage),
    ]
    for (name, value) in columns {
      table.add(
        name, scores?[keyPath: value] ?? .nan, real: used, generated: used, parameters: "k=\(k)",
        note: scores == nil ? "too few images" : "")
    }
  }

  private func addCopying(of features: FeatureMatrix, to table: inout MetricTable) {
    let (n, real) = (features.rows, trainingFeatures.rows)
    let nearest = nearestNeighbours(of: features, in: trainingFeatures)
    let distances = nearest.map(\.distance)
    table.add("nn_train_distance", median(distances), real: real, generated: n)
    table.add(
      "auth_pct", authenticPercentage(nearest: nearest, training: trainingFeatures), real: real, generated: n)
    let held = "held out=\(heldOutDistances.count)"
    table.add(
      "copied_share", copiedShare(generated: distances, heldOut: heldOutDistances), real: real, generated: n,
      parameters: held, note: "0.01 without copying")
    table.add(
      "copy_z", dataCopyingScore(generated: distances, heldOut: heldOutDistances), real: real, generated: n,
      parameters: held, note: "far below 0: copies; far above 0: unlike the data")
  }

  private func addClassifierColumns(_ output: ClassifierOutput?, count n: Int, to table: inout MetricTable) {
    if let output, !training.labels.isEmpty {
      let balance = ClassBalance(
        predicted: output.predictions, training: training.labels, classCount: training.classCount)
      let real = training.labels.count
      table.add("classes_hit", Double(balance.classesHit), real: real, generated: n, parameters: "share≥1/(10K)")
      table.add("class_kl", balance.divergence, real: real, generated: n)
    } else {
      for name in ["classes_hit", "class_kl"] { table.add(name, .nan, generated: n, note: "no classifier") }
    }
    if let features = output?.features, let real = classifierFeatures, let frechet = classifierFrechet {
      table.add("fd_clf", frechet.distance(to: features), real: real.rows, generated: n)
      addKernelDistance(real: real, generated: features, space: "clf", to: &table)
    } else {
      for name in ["fd_clf", "kid_clf", "kid_clf_se"] { table.add(name, .nan, generated: n, note: "no classifier") }
    }
  }
}
