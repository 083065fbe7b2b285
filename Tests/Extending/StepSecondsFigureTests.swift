import LineupReports
import Testing

@Suite struct StepSecondsFigureTests {
  @Test func everyTimedArmHasABar() throws {
    #expect(Figure.stepSeconds([]) == nil)
    let figure = try #require(Figure.stepSeconds([("GAN", 0.1), ("VAE", 0.2)]))
    #expect(figure.data == "0\t0.1\tGAN\n1\t0.2\tVAE\n")
    #expect(figure.script.contains("plot 'step-seconds.tsv' using"))
  }
}
