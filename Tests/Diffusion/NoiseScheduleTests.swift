import LineupDiffusion
import Testing

@Suite struct NoiseScheduleTests {
  /// Relative agreement with a golden number that is printed to a few digits.
  private func expectEqual(
    _ value: Double, _ golden: Double, within tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      abs(value - golden) <= tolerance * abs(golden), "found \(value), expected \(golden)",
      sourceLocation: sourceLocation)
  }

  /// The annotated notebook's: linear over 300 timesteps, not rescaled.
  @Test func linearOver300TimestepsLeavesAFifthOfTheSignal() {
    let schedule = NoiseSchedule.linear(timesteps: 300)
    let goldens: [(Int, Double)] = [
      (0, 0.9999), (1, 0.999733), (40, 0.942961), (50, 0.913875), (100, 0.706813), (150, 0.462345), (200, 0.255640),
      (250, 0.119411), (299, 0.048058),
    ]
    for (timestep, golden) in goldens { expectEqual(schedule.alphaBar(at: timestep), golden, within: 2e-5) }
    expectEqual(schedule.alphaBar(at: 299).squareRoot(), 0.21922, within: 2e-5)
    expectEqual(schedule.signalToNoise(at: 299), 0.0505, within: 1e-3)
    expectEqual(schedule.sigmas[299], 4.45, within: 1e-3)
    for (timestep, golden) in [(1, 6.2488e-5), (150, 0.00999496), (299, 0.0199794)] {
      expectEqual(schedule.posteriorVariance(at: timestep), golden, within: 1e-5)
    }
    #expect(schedule.posteriorVariance(at: 0) == 0)
  }

  @Test func rescaledLinearEndsInNoise() {
    expectEqual(NoiseSchedule.linearRescaled(timesteps: 300).alphaBars[299], 3.43e-5, within: 2e-3)
    let standard = NoiseSchedule.linear(timesteps: 1000)
    expectEqual(standard.alphaBars[999], 4.0358e-5, within: 1e-4)
    expectEqual(standard.sigmas[999], 157.407, within: 1e-5)
    #expect(NoiseSchedule.linearRescaled(timesteps: 1000) == standard)
  }

  /// Stable Diffusion 1.x.
  @Test func scaledLinearHasStableDiffusionsNumbers() {
    let schedule = NoiseSchedule.scaledLinear(timesteps: 1000)
    for (timestep, golden) in [(0, 0.00085), (1, 0.000854698655), (500, 0.00481495414), (999, 0.012)] {
      expectEqual(schedule.betas[timestep], golden, within: 1e-8)
    }
    let alphaBars: [(Int, Double)] = [
      (0, 0.99915), (1, 0.998296028), (250, 0.673792625), (500, 0.276332684), (750, 0.056169848),
      (999, 0.00466009851),
    ]
    for (timestep, golden) in alphaBars { expectEqual(schedule.alphaBar(at: timestep), golden, within: 1e-7) }
    expectEqual(schedule.sigmas[0], 0.029167, within: 2e-5)
    expectEqual(schedule.sigmas[999], 14.614641, within: 1e-6)
  }

  @Test func zeroTerminalSignalHasItsNumbers() {
    let schedule = NoiseSchedule.scaledLinear(timesteps: 1000).withZeroTerminalSignal()
    for (timestep, golden) in [(0, 0.99915), (1, 0.998233), (250, 0.652457), (500, 0.241019), (750, 0.032799)] {
      expectEqual(schedule.alphaBar(at: timestep), golden, within: 2e-5)
    }
    #expect(schedule.alphaBar(at: 999) == 0)
  }

  @Test func cosineHoldsItsVariancesAndEndsInNoise() {
    let schedule = NoiseSchedule.cosine(timesteps: 1000)
    #expect(schedule.betas.min() == 1e-4 && schedule.betas.max() == 0.9999)
    // Half-way the squared cosine, relative to its start, is cos²((0.5 + s)/(1 + s) · π/2)/cos²(s/(1 + s) · π/2).
    expectEqual(NoiseSchedule.cosine(timesteps: 1000, limits: 0...0.9999).alphaBar(at: 499), 0.493844, within: 1e-4)
    #expect(schedule.alphaBars[999] < 1e-8)
  }

  @Test func rootsInEqualStepsAndSigmoidRunFromSmallToLarge() {
    // The annotated notebook's "quadratic", and its "sigmoid".
    let quadratic = NoiseSchedule.scaledLinear(timesteps: 300, from: 1e-4, to: 0.02)
    for schedule in [quadratic, .sigmoid(timesteps: 300)] {
      #expect(zip(schedule.betas, schedule.betas.dropFirst()).allSatisfy { $0 < $1 })
    }
    expectEqual(quadratic.betas[299], 0.02, within: 1e-9)
    expectEqual(NoiseSchedule.sigmoid(timesteps: 300).betas[0], 1e-4 + 0.0199 * 0.00247262, within: 1e-5)
  }

  @Test func spacingsVisitTheTimestepsOfTheReferences() {
    #expect(TimestepSpacing.leading.timesteps(steps: 4, of: 1000, offset: 1) == [751, 501, 251, 1])
    #expect(TimestepSpacing.leading.timesteps(steps: 5, of: 1000, offset: 1) == [801, 601, 401, 201, 1])
    #expect(TimestepSpacing.leading.timesteps(steps: 50, of: 1000, offset: 1).prefix(2) == [981, 961])
    #expect(TimestepSpacing.leading.timesteps(steps: 27, of: 1000).last == 0)
    #expect(
      TimestepSpacing.trailing.timesteps(steps: 10, of: 1000) == [999, 899, 799, 699, 599, 499, 399, 299, 199, 99])
    let linspace = TimestepSpacing.linspace.timesteps(steps: 20, of: 1000)
    #expect(linspace.prefix(3) == [999, 946, 894] && linspace.last == 0)
    #expect(TimestepSpacing.linspace.timesteps(steps: 300, of: 300) == (0..<300).reversed())
  }
}
