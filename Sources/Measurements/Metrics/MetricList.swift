extension Metric {
  /// Every metric there is, in the order of the columns in files. A new one is a line here and a file beside the others.
  package static let all: [Metric] = [
    laplacianVariance,
    laplacianRatio,
    tenengrad,
    highFrequencyShare,
    highFrequencyRatio,
    blurEffect11,
    blurEffect3,
    noise,
    frechet,
    kernel,
    kernelError,
    precision,
    recall,
    density,
    coverage,
    trainingDistance,
    authenticity,
    copiedShare,
    dataCopying,
    classesHit,
    classDivergence,
    classifierFrechet,
    classifierKernel,
    classifierKernelError,
    modesCaptured,
    highQualityShare,
    modeDivergence,
    reconstructionSignal,
    reconstructionSimilarity,
    parameters,
    samplingParameters,
    flops,
    steps,
    imagesSeen,
    clippedUpdates,
    skippedUpdates,
    wallSeconds,
    coreSeconds,
    medianStepSeconds,
    peakResidentBytes,
    peakPoolBytes,
    jobs,
    samplesPerSecond,
    exclusiveStepSeconds,
    exclusiveImagesPerSecond,
    exclusiveOperationsPerSecond,
    exclusiveOperationsPerStep,
    exclusiveSamplesPerSecond,
    exclusiveSingleSampleSeconds,
    exclusiveFirstStageStepSeconds,
  ]
}

extension [Metric] {
  /// The metrics of images.
  package var ofImages: [Metric] {
    filter { if case .images = $0.method { true } else { false } }
  }

  /// The metrics of points.
  package var ofPoints: [Metric] {
    filter { if case .points = $0.method { true } else { false } }
  }

  /// The same metrics where the space of principal components has so many of them.
  package func measured(onComponents count: Int) -> [Metric] { map { $0.measured(onComponents: count) } }

  /// Chapter by chapter, as people read them, each in the list's order.
  package var inReadingOrder: [Metric] {
    MetricSection.allCases.flatMap { section in filter { $0.section == section } }
  }

  /// Those that are shown in a place, as people read them.
  package func shown(in place: Metric.Places) -> [Metric] {
    inReadingOrder.filter { $0.places.contains(place) }
  }
}
