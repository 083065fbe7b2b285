import Foundation
import LineupTensors

/// DPM-Solver++, multistep, deterministic or with noise (Lu et al. 2022, "DPM-Solver++", algorithm 2 and section 5), as
/// diffusers' `DPMSolverMultistepScheduler`.
struct DPMSolverScheduler: SolverScheduler {
  private let settings: SchedulerSettings
  let table: SigmaTable
  let levels: [SignalNoise]
  /// Clean estimates of the last calls, the newest last.
  private var history: [Tensor] = []

  init(_ settings: SchedulerSettings, steps: Int) throws(SchedulerError) {
    try settings.checkSolverSteps(steps)
    self.settings = settings
    table = SigmaTable.whole(settings, steps: steps)
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
    var result = sample * shrinking - clean * (next.signal * decay)
    let order = order(at: call)
    if order > 1 {
      let (first, second) = differences(call: call, step: h, order: order)
      result = result + first * (next.signal * firstWeight(decay, exponent, order: order))
      if let second {
        // diffusers has the half with the other sign in its form with noise.
        let half: Float = settings.isStochastic ? -0.5 : 0.5
        result = result - second * (next.signal * ((decay + exponent) / (exponent * exponent) - half))
      }
    }
    return settings.isStochastic ? result + noise() * (next.noise * (-exp(-2 * h) + 1).squareRoot()) : result
  }

  /// As many estimates as there are, but fewer at the end of few steps, where higher orders are unstable.
  private func order(at call: Int) -> Int {
    let (remaining, few) = (timesteps.count - call, settings.lowerOrderFinal && timesteps.count < 15)
    if remaining == 1, few || settings.eulerAtFinal || settings.finalSigma == .zero { return 1 }
    return min(history.count, remaining == 2 && few ? 2 : 3)
  }

  /// Finite differences of the clean estimates in λ, scaled by the coming step: the first, and the second for order 3.
  private func differences(call: Int, step h: Float, order: Int) -> (Tensor, Tensor?) {
    let count = history.count
    let r0 = (levels[call].lambda - levels[call - 1].lambda) / h
    let recent = (history[count - 1] - history[count - 2]) / r0
    guard order == 3 else { return (recent, nil) }
    let r1 = (levels[call - 1].lambda - levels[call - 2].lambda) / h
    let older = (history[count - 2] - history[count - 3]) / r1
    let change = recent - older
    return (recent + change * (r0 / (r0 + r1)), change * (1 / (r0 + r1)))
  }

  /// The first difference's weight, without α.
  private func firstWeight(_ decay: Float, _ exponent: Float, order: Int) -> Float {
    settings.solverForm == .midpoint && order == 2 ? -0.5 * decay : decay / exponent + 1
  }
}
