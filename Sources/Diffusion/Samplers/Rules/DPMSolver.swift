import Foundation
import LineupFormats
import LineupStrictJSON
import LineupTensors

/// DPM-Solver++, multistep, deterministic or with noise (Lu et al. 2022, "DPM-Solver++", algorithm 2 and section 5).
struct DPMSolver: SolverSampler {
  private let settings: SamplerSettings
  let table: SigmaTable
  let levels: [SignalNoise]
  /// Clean estimates of the last calls, the newest last.
  private var history: [Tensor] = []

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    self.settings = settings
    table = try SigmaTable.whole(settings, steps: steps)
    levels = table.sigmas.map(SignalNoise.init)
  }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let clean = settings.estimate(output, sample, alphaBar: levels[call].alphaBar).clean
    history = (history + [clean]).suffix(settings.solverOrder)
    let (now, next) = (levels[call], levels[call + 1])
    let h = next.lambda - now.lambda
    // With noise, half of the equation's drift is the noise's: twice the exponent.
    let exponent = settings.isStochastic ? 2 * h : h
    let decay = exp(-exponent) - 1
    let shrinking = next.noise / now.noise * (settings.isStochastic ? exp(-h) : 1)
    var result = sample.weighted(shrinking) - clean.weighted(next.signal * decay)
    let order = order(at: call)
    if order > 1 {
      let (first, second) = differences(call: call, step: h, order: order)
      result = result + first.weighted(next.signal * firstWeight(decay, exponent, order: order))
      if let second {
        // diffusers has the half with the other sign in its form with noise.
        let half = settings.isStochastic ? -0.5 : 0.5
        result = result - second.weighted(next.signal * ((decay + exponent) / (exponent * exponent) - half))
      }
    }
    return settings.isStochastic ? result + noise().weighted(next.noise * (-exp(-2 * h) + 1).squareRoot()) : result
  }

  /// As many estimates as there are, but fewer at the end of few steps, where higher orders are unstable.
  private func order(at call: Int) -> Int {
    let (remaining, few) = (timesteps.count - call, settings.lowerOrderFinal && timesteps.count < 15)
    if remaining == 1, few || settings.eulerAtFinal || settings.finalSigma == .zero { return 1 }
    return min(history.count, remaining == 2 && few ? 2 : 3)
  }

  /// Finite differences of the clean estimates in λ, scaled by the coming step: the first, and the second for order 3.
  private func differences(call: Int, step h: Double, order: Int) -> (Tensor, Tensor?) {
    let count = history.count
    let r0 = (levels[call].lambda - levels[call - 1].lambda) / h
    let recent = (history[count - 1] - history[count - 2]).weighted(1 / r0)
    guard order == 3 else { return (recent, nil) }
    let r1 = (levels[call - 1].lambda - levels[call - 2].lambda) / h
    let older = (history[count - 2] - history[count - 3]).weighted(1 / r1)
    let change = recent - older
    return (recent + change.weighted(r0 / (r0 + r1)), change.weighted(1 / (r0 + r1)))
  }

  /// The first difference's weight, without α.
  private func firstWeight(_ decay: Double, _ exponent: Double, order: Int) -> Double {
    settings.solverForm == .midpoint && order == 2 ? -0.5 * decay : decay / exponent + 1
  }
}

extension SamplerRule {
  /// Lu et al. 2022, as diffusers' `DPMSolverMultistepScheduler`.
  public static let dpmSolver = solver("dpm++2m", algorithm: "dpmsolver++")
  /// The same with noise.
  public static let dpmSolverSDE = solver("dpm++2m-sde", algorithm: "sde-dpmsolver++")

  private static func solver(_ name: String, algorithm: JSONValue) -> SamplerRule {
    SamplerRule(
      name, className: "DPMSolverMultistepScheduler",
      Traits(levels: SigmaLevels.allCases, usesSigmas: true, demands: ["algorithm_type": algorithm]),
      read: { reader, settings in settings.readDPMSolver(&reader) },
      make: { settings, steps throws(SamplerError) in try DPMSolver(settings, steps: steps) })
  }
}

extension SamplerSettings {
  fileprivate mutating func readDPMSolver(_ reader: inout DiffusersConfigurationReader) {
    readMultistep(&reader)
    if reader.flag("use_lu_lambdas", default: false), levels == .timesteps { levels = .lu }
    // Rounding depends on the name of the growth alone, whatever trained_betas says.
    roundsTimesteps = reader.value("beta_schedule", default: true, expected: "a name") {
      $0.text != NoiseSchedule.Growth.squaredCosine.rawValue
    }
    // DEIS's word stands for the deterministic form.
    isStochastic = reader.value(
      "algorithm_type", default: false, expected: #""dpmsolver++" or "sde-dpmsolver++""#
    ) { ["dpmsolver++": false, "deis": false, "sde-dpmsolver++": true][$0.text ?? ""] }
    // The words of UniPC and of DEIS stand for the default.
    let form = reader.value(
      "solver_type", default: "midpoint", expected: #""midpoint" or "heun""#
    ) { ["midpoint", "heun", "bh1", "bh2", "logrho"].contains($0.text ?? "") ? $0.text : nil }
    solverForm = form == "heun" ? .heun : .midpoint
    eulerAtFinal = reader.flag("euler_at_final", default: false)
    _ = reader.value("lambda_min_clipped", default: 0, expected: "-Infinity, the only value that is supported") {
      $0.double.flatMap { $0 <= -1e300 ? $0 : nil }
    }
    _ = reader.value("variance_type", default: "", expected: "a variance that is not learned, or null") {
      ["learned", "learned_range"].contains($0.text ?? "") ? nil : ""
    }
  }
}
