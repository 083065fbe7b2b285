import Algorithms
import LineupFormats
import LineupTensors

/// Pseudo numerical methods (Liu et al. 2022): a linear multistep rule, which begins with three Runge–Kutta steps of four
/// calls each or, where those are skipped, with one step that is made twice.
///
/// What a call does depends on how many calls came before it, not on where in the trajectory the first one was: so it is in
/// diffusers, where a picture that begins late also makes its second step twice.
struct PNDM: TimestepSampler {
  let settings: SamplerSettings
  let visited: [Int]
  /// How many of the calls are Runge–Kutta's.
  private let warmUp: Int
  private let stride: Int

  private var calls = 0
  /// Outputs of the last steps, the newest last.
  private var history: [Tensor] = []
  /// Where the current Runge–Kutta step, or the step that is made twice, began.
  private var start: Tensor?
  /// The weighted sum of a Runge–Kutta step's outputs so far.
  private var sum: Tensor?

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    try settings.checkSteps(steps, least: settings.skipsRungeKutta ? 1 : 4)
    self.settings = settings
    let plain = try settings.visited(steps: steps)
    let stride = settings.noise.timesteps / steps
    self.stride = stride
    // diffusers goes on where the steps are not quite equal.
    if settings.noise.rounding == .exact, plain.adjacentPairs().contains(where: { $0 - $1 != stride }) {
      throw .undefined(
        path: settings.path, reason: "pndm needs equal steps: a number that divides the timesteps, not spaced linspace")
    }
    if settings.skipsRungeKutta {
      warmUp = 0
      visited = Array(plain.prefix(2)) + Array(plain.dropFirst(1))
    } else {
      // Each of three steps looks at its timestep, twice half-way to the next, and at the next.
      var calls: [Int] = []
      for (timestep, next) in plain.adjacentPairs().prefix(3) {
        let middle = next + stride / 2
        calls += [timestep, middle, middle, next]
      }
      warmUp = calls.count
      visited = calls + Array(plain.dropFirst(3))
    }
    try settings.check(visited)
  }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    defer { calls += 1 }
    return calls < warmUp
      ? rungeKuttaStep(output, from: sample, timestep: visited[call])
      : multistep(output, from: sample, timestep: visited[call])
  }

  /// One call of four of the classical Runge–Kutta rule, all of which set out from the first one's sample.
  private mutating func rungeKuttaStep(_ output: Tensor, from sample: Tensor, timestep: Int) -> Tensor {
    let stage = calls % 4
    let next = timestep - (calls % 2 == 0 ? stride / 2 : 0)
    let weighted = output * (stage == 0 || stage == 3 ? 1 / 6 : 1 / 3)
    let total = sum.map { $0 + weighted } ?? weighted
    if stage == 0 {
      history.append(output)
      start = sample
    }
    sum = stage == 3 ? nil : total
    return transferred(
      start ?? sample, by: stage == 3 ? total : output, from: visited[calls / 4 * 4], to: next)
  }

  private mutating func multistep(_ output: Tensor, from sample: Tensor, timestep: Int) -> Tensor {
    if warmUp == 0, calls == 1 {
      let average = (output + history[0]) * 0.5
      return transferred(start ?? sample, by: average, from: timestep + stride, to: timestep)
    }
    if calls == 0 { start = sample }
    history = history.suffix(3) + [output]
    // Weights of Adams and Bashforth, for the newest output first.
    let weights: [Float] =
      switch history.count {
      case 1: [1]
      case 2: [3 / 2, -1 / 2]
      case 3: [23 / 12, -16 / 12, 5 / 12]
      default: [55 / 24, -59 / 24, 37 / 24, -9 / 24]
      }
    let slope = zip(history.reversed(), weights).dropFirst().reduce(output * weights[0]) { $0 + $1.0 * $1.1 }
    return transferred(sample, by: slope, from: timestep, to: timestep - stride)
  }

  /// Leads a sample from one timestep to another along an output (Liu et al. 2022, equation 11).
  private func transferred(_ sample: Tensor, by output: Tensor, from timestep: Int, to next: Int) -> Tensor {
    let now = alphaBar(at: timestep)
    let then = alphaBar(at: next)
    let noise = settings.prediction.estimate(output, noisy: sample, alphaBar: now).noise
    let divisor = now * (1 - then).squareRoot() + (now * (1 - now) * then).squareRoot()
    return sample.weighted((then / now).squareRoot()) - noise.weighted((then - now) / divisor)
  }

  private func alphaBar(at timestep: Int) -> Double {
    timestep < 0 ? settings.finalAlphaBar : settings.noise.alphaBars[min(timestep, settings.noise.timesteps - 1)]
  }
}

extension SamplerRule {
  /// Liu et al. 2022, as diffusers' `PNDMScheduler`.
  public static let pndm = SamplerRule(
    "pndm", className: "PNDMScheduler",
    Traits(takesCleanPredictions: false, stretchesNoise: false, thresholds: false),
    read: { reader, settings in
      settings.readFinalAlphaBar(&reader, isOne: false)
      settings.skipsRungeKutta = reader.flag("skip_prk_steps", default: false)
    },
    make: { settings, steps throws(SamplerError) in try PNDM(settings, steps: steps) })
}
