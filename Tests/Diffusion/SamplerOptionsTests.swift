import Foundation
import LineupDiffusion
import LineupFormats
import LineupTensors
import Testing

@Suite struct SamplerOptionsTests {
  private let schedule = NoiseSchedule.cosine(timesteps: 100)

  private func problem(_ options: SamplerOptions, _ prediction: Prediction = .v) -> String? {
    do {
      _ = try options.sampler(over: schedule, prediction: prediction)
      return nil
    } catch { return "\(error)" }
  }

  @Test func stepsWhereNothingIsSaid() throws {
    func calls(_ options: SamplerOptions) throws -> Int {
      try options.sampler(over: schedule, prediction: .v).timesteps.count
    }
    #expect(try calls(SamplerOptions(name: .ddpm)) == 100)
    #expect(try calls(SamplerOptions(name: .ddpm, steps: 10)) == 10)
    #expect(try calls(SamplerOptions()) == 20)
    var many = SamplerOptions(name: .unipc)
    many.standardSteps = 1000
    #expect(try calls(many) == 100)
    // Another rule takes over the steps, unless it visits every timestep.
    let own = SamplerOptions(name: .ddim, steps: 5)
    #expect(try calls(own.choosing(.heun, steps: nil)) == 9)
    #expect(try calls(own.choosing(.ddpm, steps: nil)) == 100)
    #expect(try calls(own.choosing(.ddpm, steps: 7)) == 7)
    #expect(try calls(own.choosing(nil, steps: nil)) == 5)
  }

  @Test func refusesWhatARuleCannotHonour() {
    #expect(problem(SamplerOptions(name: .ddim, sigmas: .karras))?.contains("karras") == true)
    #expect(problem(SamplerOptions(name: .heun, sigmas: .lu))?.contains("these can: dpm++2m, dpm++2m-sde.") == true)
    #expect(problem(SamplerOptions(name: .euler, eta: 0.5))?.contains("these can: ddim.") == true)
    #expect(problem(SamplerOptions(name: .lcm, spacing: .leading))?.contains("spacing") == true)
    #expect(problem(SamplerOptions(name: .pndm), .x0)?.contains("x0") == true)
    #expect(problem(SamplerOptions(name: .pndm, steps: 30))?.contains("equal steps") == true)
    #expect(problem(SamplerOptions(name: .lcm, steps: 51))?.contains("expected 1 to 50") == true)
    #expect(problem(SamplerOptions(steps: 101))?.contains("expected 1 to 100") == true)
    #expect(problem(SamplerOptions(steps: 0)) != nil)
    for rule in SamplerRule.allCases { #expect(problem(SamplerOptions(name: rule)) == nil, "\(rule)") }
  }

  /// Equal steps of σ^(1/7) and of ln σ, which the noised samples of each call show.
  @Test(arguments: SamplerRule.allCases.filter(\.takesKarras))
  func levelsAreInEqualSteps(_ rule: SamplerRule) throws {
    for (levels, scale) in [(SigmaLevels.karras, { pow($0, 1 / 7) }), (.lu, { log($0) })] as [(_, (Double) -> Double)] {
      let options = SamplerOptions(name: rule, steps: 10, sigmas: levels)
      if levels == .lu, problem(options) != nil { continue }
      let sampler = try options.sampler(over: .linear(timesteps: 1000), prediction: .v)
      let (zero, one) = (Tensor([0], shape: [1, 1]), Tensor([1], shape: [1, 1]))
      var scaled: [Double] = []
      for call in sampler.timesteps.indices {
        let signal = sampler.noised(one, noise: zero, call: call).scalar
        let level = scale(Double(sampler.noised(zero, noise: one, call: call).scalar / signal))
        if scaled.last.map({ abs($0 - level) > 1e-6 }) ?? true { scaled.append(level) }
      }
      #expect(scaled.count == 10)
      let steps = zip(scaled, scaled.dropFirst()).map { $0 - $1 }
      #expect(steps.allSatisfy { abs($0 - steps[0]) < 1e-3 * steps[0] }, "\(levels): \(steps)")
    }
  }

  @Test func namesAreThoseOfFiles() {
    #expect(
      SamplerRule.allCases.map(\.rawValue) == [
        "ddim", "ddpm", "pndm", "euler", "euler-a", "heun", "dpm++2m", "dpm++2m-sde", "unipc", "lcm",
      ])
    for rule in SamplerRule.allCases { #expect(SamplerRule(rawValue: rule.rawValue) == rule) }
    #expect(SamplerRule(rawValue: "magic") == nil)
  }
}
