/// Names and versions of the run format.
package enum RunFormat {
  /// The root attribute `format`.
  package static let name = "lineup.run"
  /// The root attribute `format_version`. Readers accept this and every earlier one.
  package static let version = 1
}

/// A column of `/series/eval`: one measured quantity.
package struct MetricColumn: Sendable, Equatable, ExpressibleByStringLiteral {
  /// Name of the dataset; a slash makes groups. Names the feature space where there is one: `fd_pca64`.
  package var name: String
  /// Unit, `"1"` for plain numbers.
  package var unit: String
  /// A readable name for axes and tables; the name itself where empty.
  package var longName: String

  package init(_ name: String, unit: String = "1", longName: String = "") {
    self.name = name
    self.unit = unit
    self.longName = longName
  }

  package init(stringLiteral name: String) { self.init(name) }
}

/// What one generated sample is.
package enum SampleShape: Sendable, Equatable {
  /// 8-bit images, channels last, stored as u8.
  case images(height: Int, width: Int, channels: Int)
  /// Points of a low-dimensional set, stored as f32.
  case points(dimensions: Int)

  /// `[height, width, channels]` or `[dimensions]`.
  package var shape: [Int] {
    switch self {
    case .images(let height, let width, let channels): [height, width, channels]
    case .points(let dimensions): [dimensions]
    }
  }

  /// Values in one sample.
  package var count: Int { shape.reduce(1, *) }
}

/// Size of a display grid in pixels; grids are always RGB.
package struct GridSize: Sendable, Equatable {
  package var height: Int
  package var width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

/// Everything that decides which objects a run file has. All of them are made before the first row is written, because a
/// file that is read while it grows cannot get new ones; so losses, networks and metrics are declared here.
package struct RunLayout: Sendable, Equatable {
  // Who the run is.
  package var runID: String
  package var study: String
  package var family: String
  package var arm: String
  package var dataset: String
  package var seed: UInt64
  /// The frozen specification and its SHA-256 (hexadecimal).
  package var configJSON: String
  package var configSHA256: String
  /// The SHA-256 of the trial's own inputs, by which a run is taken up; it outlives seeds and arms that a study gains.
  package var trialSHA256: String
  /// More root attributes, in order.
  package var attributes: [(name: String, value: AttributeValue)]

  // What it records.
  /// Columns `/series/train/loss/NAME`.
  package var lossNames: [String]
  /// Columns `/series/train/grad_norm/NAME`.
  package var networkNames: [String]
  /// Columns `/series/eval/NAME`.
  package var evaluationMetrics: [MetricColumn]
  /// What one sample is; nil leaves all samples out.
  package var sample: SampleShape?
  /// How many samples from the same latents are kept at each mark (`/samples/fixed_z`); 0 keeps none.
  package var fixedSampleCount: Int
  /// Whether a twin of `/samples/fixed_z` made with the averaged weights is kept.
  package var hasAverageSamples: Bool
  /// Size of the display grid kept at each mark; nil keeps none.
  package var grid: GridSize?
  /// Bin centres of `/spectra/radial` in cycles a pixel; empty keeps no spectra.
  package var spectrumFrequencies: [Double]

  package init(
    runID: String, study: String, family: String, arm: String, dataset: String, seed: UInt64,
    configJSON: String, configSHA256: String, trialSHA256: String,
    attributes: [(name: String, value: AttributeValue)] = [],
    lossNames: [String] = [], networkNames: [String] = [], evaluationMetrics: [MetricColumn] = [],
    sample: SampleShape? = nil, fixedSampleCount: Int = 0, hasAverageSamples: Bool = false,
    grid: GridSize? = nil, spectrumFrequencies: [Double] = []
  ) {
    self.runID = runID
    self.study = study
    self.family = family
    self.arm = arm
    self.dataset = dataset
    self.seed = seed
    self.configJSON = configJSON
    self.configSHA256 = configSHA256
    self.trialSHA256 = trialSHA256
    self.attributes = attributes
    self.lossNames = lossNames
    self.networkNames = networkNames
    self.evaluationMetrics = evaluationMetrics
    self.sample = sample
    self.fixedSampleCount = fixedSampleCount
    self.hasAverageSamples = hasAverageSamples
    self.grid = grid
    self.spectrumFrequencies = spectrumFrequencies
  }

  package static func == (left: RunLayout, right: RunLayout) -> Bool {
    left.identity.map(\.value) == right.identity.map(\.value) && left.configJSON == right.configJSON
      && left.configSHA256 == right.configSHA256
      && left.attributes.map(\.name) == right.attributes.map(\.name)
      && left.attributes.map(\.value) == right.attributes.map(\.value)
      && left.lossNames == right.lossNames && left.networkNames == right.networkNames
      && left.evaluationMetrics == right.evaluationMetrics && left.sample == right.sample
      && left.fixedSampleCount == right.fixedSampleCount && left.hasAverageSamples == right.hasAverageSamples
      && left.grid == right.grid && left.spectrumFrequencies == right.spectrumFrequencies
  }

  /// The root attributes that say who the run is; a resume compares them.
  var identity: [(name: String, value: AttributeValue)] {
    [
      ("run_id", .text(runID)), ("study", .text(study)), ("family", .text(family)), ("arm", .text(arm)),
      ("dataset", .text(dataset)), ("seed", .unsigned(seed)), ("trial_sha256", .text(trialSHA256)),
    ]
  }
}
