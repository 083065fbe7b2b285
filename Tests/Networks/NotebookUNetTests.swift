import Foundation
import LineupFormats
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct NotebookUNetTests {
  @Test func theNotebooksNetworkHasItsSize() {
    let network = NotebookUNet(.seed, imageChannels: 1, random: RandomStream(seed: 1))
    #expect(network.parameterCount == 2_020_257)
    expectCompleteWalk(network)
    var random = RandomStream(seed: 2)
    #expect(network(random.normal([2, 28, 28, 1]), at: [0, 299]).shape == [2, 28, 28, 1])
  }

  @Test func patchesAndColoursKeepTheShape() {
    let network = NotebookUNet(.patch, imageChannels: 3, random: RandomStream(seed: 1))
    expectCompleteWalk(network)
    var random = RandomStream(seed: 2)
    #expect(network(random.normal([1, 32, 28, 3]), at: [5]).shape == [1, 32, 28, 3])
  }

  @Test func unsuitableImagesAreNamed() {
    var options = NotebookUNet.Configuration.patch
    #expect(options.problem(sampleShape: [28, 28, 1]) == nil)
    #expect(options.problem(sampleShape: [30, 28, 1])?.contains("multiples of 4") == true)
    options.channels = [24, 50]
    #expect(options.problem(sampleShape: [28, 28, 1])?.contains("50 channels") == true)
  }

  /// PyTorch's results for the same weights; see Fixtures/make_unet2d_golden.py.
  @Test(arguments: ["seed", "patch"]) func networkGivesWhatPyTorchGives(_ name: String) throws {
    let file = try NetworkFixtures.file("unet2d-\(name)")
    let isSeed = name == "seed"
    let options = NotebookUNet.Configuration(
      patch: isSeed ? 1 : 2, channels: [4, 8], blocks: isSeed ? 2 : 1, groups: 2,
      heads: 2, headWidth: 4)
    let (input, probe) = (try file.tensor("input"), try file.tensor("probe"))
    var network = NotebookUNet(options, imageChannels: input.shape[3], random: RandomStream(seed: 1))
    var problems: [String] = []
    network.forEachParameter { name, value in
      guard let stored = try? file.tensor(name), stored.shape == value.shape else { return problems.append(name) }
      value = stored
    }
    #expect(problems.isEmpty)

    var output = Tensor(0)
    let timesteps = try file.tensor("timesteps").values
    let (value, gradient) = valueAndGradient(of: &network) { network in
      let prediction = network(input, at: timesteps)
      output = prediction.withoutGradient
      return (prediction * probe).mean()
    }
    #expect(relativeError(output, try file.tensor("output")) < 1e-4)
    #expect(relativeError(value, try file.tensor("value").reshaped(to: [])) < 1e-4)
    guard isSeed else { return }
    for (parameter, found) in zip(network.parameters, gradient.tensors) {
      let expected = try file.tensor("gradient." + parameter.name)
      #expect(relativeError(found, expected, floor: 1e-3) < 1e-4, "gradient of \(parameter.name)")
    }
  }
}
