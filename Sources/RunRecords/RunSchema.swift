/// The growing parts of a run file. The raw values index `/run/committed_rows`.
enum Table: Int, CaseIterable {
  case train
  case evaluation
  case trainTiming
  case evaluationTiming
  case events
  case samples
  case finalSamples
  case grids
  case spectra

  /// The dataset that gives the step of each row; nil for tables that a resume does not cut by step.
  var stepPath: String? {
    switch self {
    case .train: "/series/train/step"
    case .evaluation: "/series/eval/step"
    case .trainTiming: "/timing/train/step"
    case .evaluationTiming: "/timing/eval/step"
    case .samples: "/samples/step"
    case .grids: "/grids/step"
    case .spectra: "/spectra/step"
    case .events, .finalSamples: nil
    }
  }
}

/// One growing dataset. All columns of a table have equally many rows.
struct Column {
  var path: String
  var type: ElementType
  /// Shape of one row, `[]` for a single value.
  var rowShape: [Int] = []
  var chunkRows: Int
  var packing: Packing
  var fill: Double?
  var attributes: [(String, AttributeValue)]

  var rowBytes: Int { type.size * rowShape.reduce(1, *) }

  static func series(
    _ path: String, _ type: ElementType, chunk: Int, unit: String, _ longName: String
  ) -> Column {
    Column(
      path: path, type: type, chunkRows: chunk, packing: .shuffled, fill: type == .float64 ? .nan : nil,
      attributes: [("units", .text(unit)), ("long_name", .text(longName))])
  }
}

extension RunLayout {
  /// The columns of a table, in the order in which rows are given; empty where the layout leaves the table out.
  func columns(of table: Table) -> [Column] {
    switch table {
    case .train: trainColumns
    case .evaluation: evaluationColumns
    case .trainTiming: timingColumns("/timing/train", chunk: 1024, duration: "seconds of a training step")
    case .evaluationTiming: timingColumns("/timing/eval", chunk: 64, duration: "seconds of the evaluation")
    case .events:
      [
        Column(
          path: "/events", type: .event, chunkRows: 32, packing: .deflated,
          attributes: [("long_name", .text("what happened: codes below 100 tell about the process"))])
      ]
    case .samples: fixedSampleColumns
    case .finalSamples: finalSampleColumns
    case .grids: gridColumns
    case .spectra: spectrumColumns
    }
  }

  private var trainColumns: [Column] {
    let root = "/series/train"
    var columns: [Column] = [
      .series("\(root)/step", .int64, chunk: 1024, unit: "1", "training step"),
      .series("\(root)/images", .int64, chunk: 1024, unit: "1", "training images seen"),
      .series("\(root)/flops", .int64, chunk: 1024, unit: "1", "budgeted floating-point operations executed"),
      .series("\(root)/lr", .float64, chunk: 1024, unit: "1", "learning rate"),
      .series("\(root)/nan_count", .int64, chunk: 1024, unit: "1", "values that were not finite, so far"),
      .series("\(root)/clip_count", .int64, chunk: 1024, unit: "1", "clipped gradients, so far"),
      .series("\(root)/skip_count", .int64, chunk: 1024, unit: "1", "skipped updates, so far"),
    ]
    columns += lossNames.map {
      .series("\(root)/loss/\($0)", .float64, chunk: 1024, unit: "1", "loss \($0)")
    }
    columns += networkNames.map {
      .series("\(root)/grad_norm/\($0)", .float64, chunk: 1024, unit: "1", "gradient norm of \($0)")
    }
    return columns
  }

  private var evaluationColumns: [Column] {
    [
      .series("/series/eval/step", .int64, chunk: 64, unit: "1", "training step"),
      .series("/series/eval/flops", .int64, chunk: 64, unit: "1", "budgeted floating-point operations executed"),
    ]
      + evaluationMetrics.map {
        .series(
          "/series/eval/\($0.name)", .float64, chunk: 64, unit: $0.unit, $0.longName.isEmpty ? $0.name : $0.longName)
      }
  }

  private func timingColumns(_ root: String, chunk: Int, duration: String) -> [Column] {
    [
      .series("\(root)/step", .int64, chunk: chunk, unit: "1", "training step"),
      .series("\(root)/wall_s", .float64, chunk: chunk, unit: "s", "seconds on the wall"),
      .series("\(root)/core_s", .float64, chunk: chunk, unit: "s", "seconds on all cores"),
      .series("\(root)/step_s", .float64, chunk: chunk, unit: "s", duration),
      .series("\(root)/rss_bytes", .int64, chunk: chunk, unit: "byte", "resident memory"),
      .series("\(root)/pool_peak_bytes", .int64, chunk: chunk, unit: "byte", "peak of the tensor pool"),
    ]
  }

  private var fixedSampleColumns: [Column] {
    guard let sample, fixedSampleCount > 0 else { return [] }
    let paths =
      [("/samples/fixed_z", "samples from the same latents over training, raw weights")]
      + (hasAverageSamples
        ? [("/samples/fixed_z_average", "samples from the same latents over training, averaged weights")] : [])
    return [.series("/samples/step", .int64, chunk: 64, unit: "1", "training step")]
      + paths.map { path, longName in
        Column(
          path: path, type: sample.elementType, rowShape: [fixedSampleCount] + sample.shape, chunkRows: 1,
          packing: .deflated, attributes: [("long_name", .text(longName))])
      }
  }

  private var finalSampleColumns: [Column] {
    guard let sample else { return [] }
    return [
      Column(
        path: "/samples/final", type: sample.elementType, rowShape: sample.shape, chunkRows: 64, packing: .deflated,
        attributes: [("long_name", .text("the samples that the final figures were measured on"))]),
      Column(
        path: "/samples/labels", type: .int32, chunkRows: 1024, packing: .shuffled,
        attributes: [("long_name", .text("label each final sample was asked for, -1 for none"))]),
      Column(
        path: "/samples/sample_seed", type: .uint64, chunkRows: 1024, packing: .shuffled,
        attributes: [("long_name", .text("seed from which each final sample can be made again"))]),
    ]
  }

  private var gridColumns: [Column] {
    guard let grid else { return [] }
    return [
      .series("/grids/step", .int64, chunk: 64, unit: "1", "training step"),
      Column(
        path: "/grids/history", type: .uint8, rowShape: [grid.height, grid.width, 3], chunkRows: 1,
        packing: .deflated, attributes: Self.imageAttributes + [("long_name", .text("display grid over training"))]),
    ]
  }

  private var spectrumColumns: [Column] {
    guard !spectrumFrequencies.isEmpty else { return [] }
    return [
      .series("/spectra/step", .int64, chunk: 64, unit: "1", "training step"),
      Column(
        path: "/spectra/radial", type: .float64, rowShape: [spectrumFrequencies.count], chunkRows: 16,
        packing: .shuffled, fill: .nan,
        attributes: [("units", .text("1")), ("long_name", .text("radial power spectrum of the samples"))]),
    ]
  }

  /// HDF5 Image specification 1.2, true colour, `[height, width, 3]`.
  static let imageAttributes: [(String, AttributeValue)] = [
    ("CLASS", .text("IMAGE")), ("IMAGE_VERSION", .text("1.2")), ("IMAGE_SUBCLASS", .text("IMAGE_TRUECOLOR")),
    ("INTERLACE_MODE", .text("INTERLACE_PIXEL")), ("DISPLAY_ORIGIN", .text("UL")),
  ]
}

extension SampleShape {
  var elementType: ElementType {
    switch self {
    case .images: .uint8
    case .points: .float32
    }
  }
}
