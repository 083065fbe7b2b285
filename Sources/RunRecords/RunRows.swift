/// One training step's line in `/series/train`.
public struct TrainRow: Sendable {
  /// Step number from 1; rows come in increasing order.
  public var step: Int
  /// Training images seen so far.
  public var images: Int
  /// Budgeted floating-point operations executed so far.
  public var flops: Int
  /// By declared name; a declared loss that is left out is recorded as NaN.
  public var losses: [(name: String, value: Double)]
  /// Norm of each network's gradient before clipping, by declared name.
  public var gradientNorms: [(name: String, value: Double)]
  public var learningRate: Double
  /// How often so far: a value was not finite, a gradient was clipped, an update was skipped.
  public var nanCount: Int
  public var clipCount: Int
  public var skipCount: Int

  public init(
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
public struct TimingRow: Sendable, Equatable {
  public var step: Int
  /// Seconds on the wall and on all cores since the run began, interruptions left out.
  public var wallSeconds: Double
  public var coreSeconds: Double
  /// In `/timing/train` of a training step; in `/timing/eval` of the evaluation.
  public var secondsPerStep: Double
  /// Resident memory and the peak of the tensor pool, in bytes.
  public var residentBytes: Int
  public var poolPeakBytes: Int

  public init(
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
public enum SampleValues: Sendable, Equatable {
  case bytes([UInt8])
  case floats([Float])

  public var count: Int {
    switch self {
    case .bytes(let values): values.count
    case .floats(let values): values.count
    }
  }
}

/// State of a run, as stored in `/run/status`.
public enum RunStatus: UInt8, Sendable, CaseIterable {
  case queued = 0
  case running = 1
  case completed = 2
  case failed = 3
  case interrupted = 4
}

/// A figure of `/final`, with what is needed to judge it. What does not apply stays nil and is left out of the file.
public struct FinalMetric: Sendable, Equatable {
  public var name: String
  public var value: Double
  public var unit: String
  public var longName: String?
  /// How many real and generated samples it was measured on.
  public var realCount: Int?
  public var fakeCount: Int?
  /// The feature space.
  public var extractor: String?
  /// Neighbours, for the measures that count them.
  public var k: Int?
  /// Blocks that the estimate was averaged over.
  public var blocks: Int?
  /// What real data gets against real data: nothing can be expected to do better.
  public var floor: Double?
  public var standardError: Double?
  public var higherIsBetter: Bool?

  public init(
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
