import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupStudies
import LineupSupport

/// The pictures of a study that put trials side by side. Which samples are shown is fixed by their place; nothing picks.
struct ReportPictures {
  let results: StudyResults
  /// Nil where the data cannot be had; `dataProblem` says why.
  let data: TrialData?
  let dataProblem: String?
  private let stored: [TrialName: StoredTrial]

  init(_ results: StudyResults) throws {
    self.results = results
    var problem: String?
    do { data = try TrialData(results.specification.data, pinnedIn: results.folder) } catch {
      data = nil
      problem = "\(error)"
    }
    dataProblem = problem
    var stored: [TrialName: StoredTrial] = [:]
    for arm in results.arms {
      for seed in results.seeds {
        let trial = TrialName(arm: arm.name, seed: seed)
        stored[trial] = try StoredTrial(trial, in: results.folder, budget: results.specification.budget)
      }
    }
    self.stored = stored
  }

  /// Whether pictures can be drawn anew: some trial has kept its samples.
  var hasSamples: Bool { stored.values.contains { $0.final != nil } }

  /// The columns of every grid: the first samples.
  var indices: [Int] { Array(0..<results.specification.evaluation.gridColumns) }

  subscript(trial: TrialName) -> StoredTrial? { stored[trial] }

  /// The first seeds, as many as a picture has room for.
  func shownSeeds(atMost count: Int) -> [UInt64] { Array(results.seeds.prefix(count)) }

  // MARK: Real images

  private var splits: DatasetSplits? {
    if case .images(let splits) = data { splits } else { nil }
  }

  /// The part of the data that samples are compared with.
  var heldOut: ImageSet? {
    splits.map { results.specification.evaluation.split.part(of: $0) }
  }

  var mixture: PointMixture? {
    if case .points(let mixture) = data { mixture } else { nil }
  }

  private func realRow(_ indices: [Int]) -> PictureRow? {
    guard let heldOut else { return nil }
    let shown = indices.filter { $0 < heldOut.count }
    let part = results.specification.evaluation.split.rawValue
    return PictureRow(
      "real images", detail: "\(part) images \(Self.places(shown))", pictures: shown.map(heldOut.picture))
  }

  // MARK: Arms side by side

  /// Real images, then every arm under every seed asked for; below each, where wanted, the nearest training images.
  ///
  /// - Parameter indices: the places of the samples shown, the same in every row.
  func comparison(arms: [Arm], seeds: [UInt64], indices: [Int], nearest: Bool = false) -> PictureRows {
    var rows = [realRow(indices)].compactMap { $0 }
    for arm in arms {
      for seed in seeds {
        let name = TrialName(arm: arm.name, seed: seed)
        let pictures = stored[name]?.final?.pictures(at: indices) ?? []
        let marks = arm.usesLabels ? ", uses labels" : ""
        rows.append(
          PictureRow(
            arm.label, detail: "seed \(seed)\(marks)", pictures: pictures, note: note(name),
            startsGroup: seed == seeds.first))
        if nearest, let found = nearestImages(of: name, at: indices) {
          rows.append(PictureRow("", detail: "nearest training images", pictures: found))
        }
      }
    }
    let subtitle =
      "samples \(Self.places(indices)) of every trial, in the order in which they were drawn"
      + (nearest ? "; below each, the training image nearest to it by pixels" : "")
    return PictureRows(title: results.specification.name, subtitle: subtitle, rows: rows)
  }

  /// Why a trial has no pictures.
  private func note(_ trial: TrialName) -> String {
    guard let record = results.record(trial) else { return "not finished yet" }
    guard record.outcome.kind == .failed else { return "the samples are no longer here" }
    return "failed at step \(NumberText.count(record.outcome.step)): \(record.outcome.reason ?? "no reason recorded")"
  }

  private func nearestImages(of trial: TrialName, at indices: [Int]) -> [Picture]? {
    guard let splits, let batch = stored[trial]?.final?.batch else { return nil }
    let shown = indices.filter { $0 < batch.count }
    guard !shown.isEmpty, batch.imageSize == splits.train.imageSize else { return nil }
    return LineupMeasurements.nearestImages(of: batch.images(at: shown), in: PixelBatch(splits.train))
      .map { splits.train.picture($0.index) }
  }

  /// `0–9` for places without a gap, else one by one.
  static func places(_ indices: [Int]) -> String {
    guard let first = indices.first, let last = indices.last else { return "none" }
    return indices == Array(first...max(first, last)) && indices.count > 2
      ? "\(first)–\(last)" : indices.map(String.init).joined(separator: ", ")
  }

  // MARK: Over training

  /// The shares of the budget at which marks lie: those asked for, where they are all there, since a trial of few steps
  /// meets them only roughly.
  func names(of marks: [StoredTrial.Mark]) -> [String] {
    let asked = results.specification.evaluation.marks.filter { $0 < 1 } + [1]
    let shares = marks.count == asked.count ? asked : marks.map(\.share)
    return shares.map { NumberText.percent($0) }
  }

  /// One arm's samples from the same latents, a row for each mark.
  func overTraining(_ arm: Arm, seed: UInt64) -> PictureRows? {
    guard let trial = stored[TrialName(arm: arm.name, seed: seed)], !trial.marks.isEmpty else { return nil }
    let names = names(of: trial.marks)
    let rows = zip(trial.marks, names).map { mark, name in
      PictureRow(
        name, detail: "of the budget", pictures: mark.samples.pictures(at: indices))
    }
    guard !rows.allSatisfy(\.pictures.isEmpty) else { return nil }
    return PictureRows(
      title: "\(arm.label) over training", subtitle: "the same latents at every mark, seed \(seed)", rows: rows)
  }

  /// All arms over training: a row for each arm, a group of columns would be too wide, so two samples of each.
  func combinedOverTraining(seed: UInt64, samplesShown: Int = 2) -> PictureRows? {
    let trials = results.arms.compactMap { arm in
      stored[TrialName(arm: arm.name, seed: seed)].flatMap { $0.marks.isEmpty ? nil : (arm, $0) }
    }
    guard let longest = trials.max(by: { $0.1.marks.count < $1.1.marks.count })?.1.marks else { return nil }
    var rows: [PictureRow] = []
    for (arm, trial) in trials {
      for sample in 0..<samplesShown {
        rows.append(
          PictureRow(
            sample == 0 ? arm.label : "", detail: "sample \(sample)",
            pictures: trial.marks.flatMap { $0.samples.pictures(at: [sample]) }, note: "no samples",
            startsGroup: sample == 0))
      }
    }
    guard !rows.allSatisfy(\.pictures.isEmpty) else { return nil }
    return PictureRows(
      title: "Over training", subtitle: "the same two latents of each arm at every mark, seed \(seed)",
      heads: names(of: longest), rows: rows)
  }

  // MARK: From blurred to sharp

  /// The blurriest, the middling and the sharpest of each arm's samples by the variance of their Laplacian. These are
  /// picked, by rank, and say so.
  func bySharpness(seed: UInt64) -> PictureRows? {
    let count = indices.count
    var rows: [PictureRow] = []
    func add(_ label: String, _ batch: PixelBatch, _ detail: String) {
      let shown = batch.evenlySpaced(1000)
      guard shown.count >= count, count > 1 else { return }
      let order = (0..<shown.count).map { (index: $0, value: shown.grey($0).laplacianVariance) }
        .sorted { ($0.value, $0.index) < ($1.value, $1.index) }
      let ranks = (0..<count).map { $0 * (order.count - 1) / (count - 1) }
      let images = shown.images(at: ranks.map { order[$0].index })
      rows.append(PictureRow(label, detail: detail, pictures: Self.pictures(images)))
    }
    if let heldOut { add("real images", PixelBatch(heldOut), "") }
    for arm in results.arms {
      guard let batch = stored[TrialName(arm: arm.name, seed: seed)]?.final?.batch else { continue }
      add(arm.label, batch, "seed \(seed)")
    }
    guard rows.count > 1 else { return nil }
    let heads = (0..<count).map { rank in
      switch rank {
      case 0: "blurriest"
      case count - 1: "sharpest"
      case count / 2: "median"
      default: ""
      }
    }
    return PictureRows(
      title: "From blurred to sharp", subtitle: "each row sorted by the variance of the Laplacian, at even ranks",
      heads: heads, rows: rows)
  }

  static func pictures(_ batch: PixelBatch) -> [Picture] {
    Picture.pictures(batch.pixels, height: batch.height, width: batch.width, channels: batch.channels)
  }
}
