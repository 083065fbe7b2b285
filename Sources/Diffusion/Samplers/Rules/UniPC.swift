import Foundation
import LineupFormats
import LineupStrictJSON
import LineupTensors

/// UniPC, a multistep predictor whose steps are corrected by the next call's output (Zhao et al. 2023, algorithms 1 and 2).
struct UniPC: SolverSampler {
  private let settings: SamplerSettings
  let table: SigmaTable
  let levels: [SignalNoise]

  /// Estimates of the last calls, clean samples or noise, the newest last.
  private var history: [Tensor] = []
  /// Where the last step began, and its order.
  private var last: (sample: Tensor, order: Int)?

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    if settings.finalSigma == .zero, !settings.predictsClean {
      throw .undefined(path: settings.path, reason: "predict_x0 false cannot end at final_sigmas_type \"zero\"")
    }
    if settings.finalSigma == .zero, !settings.lowerOrderFinal, settings.solverOrder > 1, steps > 1 {
      throw .undefined(path: settings.path, reason: "lower_order_final false cannot end at final_sigmas_type \"zero\"")
    }
    self.settings = settings
    table = try SigmaTable.whole(settings, steps: steps)
    levels = table.sigmas.map(SignalNoise.init)
  }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let estimate = settings.estimate(output, sample, alphaBar: levels[call].alphaBar)
    let current = settings.predictsClean ? estimate.clean : estimate.noise
    var sample = sample
    if let last, !settings.uncorrectedCalls.contains(call - 1) {
      sample = updated(last.sample, from: call - 1, order: last.order, correctedBy: current)
    }
    let most = settings.lowerOrderFinal ? min(settings.solverOrder, timesteps.count - call) : settings.solverOrder
    history = (history + [current]).suffix(settings.solverOrder)
    let order = min(most, history.count)
    last = (sample, order)
    return updated(sample, from: call, order: order, correctedBy: nil)
  }

  /// Leads a sample from the level of a call to the next level; with the estimate found there, more exactly.
  private func updated(_ sample: Tensor, from call: Int, order: Int, correctedBy found: Tensor?) -> Tensor {
    let (now, next) = (levels[call], levels[call + 1])
    let newest = history[history.count - 1]
    let h = next.lambda - now.lambda
    let signed = settings.predictsClean ? -h : h
    let growth = expm1(signed)
    let ratios = (1..<max(order, 1)).map { (levels[call - $0].lambda - now.lambda) / h }
    var differences = zip(ratios, 1...).map { (history[history.count - 1 - $1] - newest).weighted(1 / $0) }
    if let found { differences.append(found - newest) }
    let weights = weights(ratios, signed: signed, growth: growth, corrects: found != nil)

    let (kept, scale) =
      settings.predictsClean
      ? (next.noise / now.noise, next.signal) : (next.signal / now.signal, next.noise)
    let base = sample.weighted(kept) - newest.weighted(scale * growth)
    let basis = settings.solverForm == .bh1 ? signed : growth
    return zip(differences, weights).reduce(base) { $0 - $1.0.weighted(scale * basis * $1.1) }
  }

  /// Weights of the differences, the solution of the order conditions (equations 7 and 8 of the paper). The predictor of
  /// order 2 and the corrector of order 1 take ½ instead.
  private func weights(_ ratios: [Double], signed: Double, growth: Double, corrects: Bool) -> [Double] {
    let count = corrects ? ratios.count + 1 : ratios.count
    guard count > 1 else { return [0.5] }
    let basis = settings.solverForm == .bh1 ? signed : growth
    let nodes = corrects ? ratios + [1] : ratios
    var rows: [[Double]] = []
    var factorial: Double = 1
    var function = growth / signed - 1
    for power in 0..<count {
      rows.append(nodes.map { pow($0, Double(power)) } + [function * factorial / basis])
      factorial *= Double(power + 2)
      function = function / signed - 1 / factorial
    }
    return Self.solved(rows)
  }

  /// The solution of linear equations, each a row of coefficients and its right side, by elimination.
  private static func solved(_ equations: [[Double]]) -> [Double] {
    var rows = equations
    let count = rows.count
    for column in 0..<count {
      let pivot = (column..<count).max { rows[$0][column].magnitude < rows[$1][column].magnitude }!
      rows.swapAt(column, pivot)
      for row in 0..<count where row != column {
        let factor = rows[row][column] / rows[column][column]
        for entry in column...count { rows[row][entry] -= factor * rows[column][entry] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}

extension SamplerRule {
  /// Zhao et al. 2023, as diffusers' `UniPCMultistepScheduler`.
  public static let unipc = SamplerRule(
    "unipc", className: "UniPCMultistepScheduler", Traits(levels: [.timesteps, .karras], usesSigmas: true),
    read: { reader, settings in settings.readUniPC(&reader) },
    make: { settings, steps throws(SamplerError) in try UniPC(settings, steps: steps) })
}

extension SamplerSettings {
  fileprivate mutating func readUniPC(_ reader: inout DiffusersConfigurationReader) {
    readMultistep(&reader)
    reader.demandNull("solver_p", "shift_terminal")
    endsInItsOwnMinimum = true
    let form = reader.value(
      "solver_type", default: "bh2", expected: #""bh1" or "bh2""#
    ) { ["bh1", "bh2", "midpoint", "heun", "logrho"].contains($0.text ?? "") ? $0.text : nil }
    solverForm = form == "bh1" ? .bh1 : .bh2
    predictsClean = reader.flag("predict_x0", default: true)
    uncorrectedCalls = reader.value("disable_corrector", default: [], expected: "a list of whole numbers from 0") {
      let calls = $0.elements?.compactMap(\.integer)
      return calls?.count == $0.elements?.count && calls?.allSatisfy { $0 >= 0 } == true ? calls : nil
    }
  }
}
