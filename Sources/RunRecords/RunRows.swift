/// One training step's line in `/series/train`.
package struct TrainRow: Sendable {
  /// Step number from 1; rows come in increasing order.
  package var step: Int
  /// Training images seen so far.
  package var images: Int
  /// Budgeted floating-point operations executed so far.
  package var flops: Int
  /// By declared name; a declared loss that is left out is recorded as NaN.
  package var losses: [(name: String, value: Double)]
  /// Norm of each network's gradient before clipping, by declared name.
  package var gradientNorms: [(name: String, value: Double)]
  package var learningRate: Double
  /// How often so far: a value was not finite, a gradient was clipped, an update was skipped.
  package var nanCount: Int
  package var clipCount: Int
  package var skipCount: Int

  package init(
    step: Int, images: Int, flops: Int, losses: [(name: String, value: Double)],
    gradientNorms: [(name: String, value: Double)] = [], learningRate: Double = .nan,
    nanCount: Int = 0, clipCount: Int = 0, skipCount: Int = 0
  ) {
    self.step = step
    self.images = images
    self.flops = flops
    self.losses = losses
    self.gradientNorms = gradientNorms
    self.learningRate = learningRate
    self.nanCount = nanCount
    self.clipCount = clipCount
    self.skipCount = skipCount
  }
}

/// What was spent up to a step. It differs from run to run and lives in `/timing`, outside the promise of equal bits.
package struct TimingRow: Sendable, Equatable {
  package var step: Int
  /// Seconds on the wall and on all cores since the run began, interruptions left out.
  package var wallSeconds: Double
  package var coreSeconds: Double
  /// In `/timing/train` of a training step; in `/timing/eval` of the evaluation.
  package var secondsPerStep: Double
  /// Resident memory and the peak of the tensor pool, in bytes.
  package var residentBytes: Int
  package var poolPeakBytes: Int

  package init(
    step: Int, wallSeconds: Double, coreSeconds: Double = .nan, secondsPerStep: Double = .nan,
    residentBytes: Int = 0, poolPeakBytes: Int = 0
  ) {
    self.step = step
    self.wallSeconds = wallSeconds
    self.coreSeconds = coreSeconds
    self.secondsPerStep = secondsPerStep
    self.residentBytes = residentBytes
    self.poolPeakBytes = poolPeakBytes
  }
}

/// Sample values: 8-bit images or f32 points, as the layout's `SampleShape` says; channels last, sample after sample.
package enum SampleValues: Sendable, Equatable {
  case bytes([UInt8])
  case floats([Float])

  package var count: Int {
    switch self {
    case .bytes(let values): values.count
    case .floats(let values): values.count
    }
  }
}

/// State of a run, as stored in `/run/status`.
package enum RunStatus: UInt8, Sendable, CaseIterable {
  case queued = 0
  case running = 1
  case completed = 2
  case failed = 3
  case interrupted = 4
}

/// A figure of `/final`, with what is needed to judge it. What does not apply stays nil and is left out of the file.
package struct FinalMetric: Sendable, Equatable {
  package var name: String
  package var value: Double
  package var unit: String
  package var longName: String?
  /// How many real and generated samples it was measured on.
  package var realCount: Int?
  package var fakeCount: Int?
  /// The feature space.
  package var extractor: String?
  /// Neighbours, for the measures that count them.
  package var k: Int?
  /// Blocks that the estimate was averaged over.
  package var blocks: Int?
  /// What real data gets against real data: nothing can be expected to do better.
  package var floor: Double?
  package var standardError: Double?
  package var higherIsBetter: Bool?

  package init(
    _ name: String, _ value: Double, unit: String = "1", longName: String? = nil, realCount: Int? = nil,
    fakeCount: Int? = nil, extractor: String? = nil, k: Int? = nil, blocks: Int? = nil, floor: Double? = nil,
    standardError: Double? = nil, higherIsBetter: Bool? = nil
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.longName = longName
    self.realCount = realCount
    self.fakeCount = fakeCount
    self.extractor = extractor
    self.k = k
    self.blocks = blocks
    self.floor = floor
    self.standardError = standardError
    self.higherIsBetter = higherIsBetter
  }

  /// The attributes of its dataset.
  var attributes: [(String, AttributeValue)] {
    var attributes: [(String, AttributeValue)] = [("units", .text(unit)), ("long_name", .text(longName ?? name))]
    if let realCount { attributes.append(("n_real", .integer(realCount))) }
    if let fakeCount { attributes.append(("n_fake", .integer(fakeCount))) }
    if let extractor { attributes.append(("extractor", .text(extractor))) }
    if let k { attributes.append(("k", .integer(k))) }
    if let blocks { attributes.append(("blocks", .integer(blocks))) }
    if let floor { attributes.append(("floor", .number(floor))) }
    if let standardError { attributes.append(("standard_error", .number(standardError))) }
    if let higherIsBetter { attributes.append(("higher_is_better", .flag(higherIsBetter))) }
    return attributes
  }
}
