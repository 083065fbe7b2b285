import Foundation
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct CheckpointTests {
  private struct Model: Module {
    var layer: Linear
    var optimizer: Adam

    init(seed: UInt64) {
      var random = RandomStream(seed: seed)
      layer = Linear(3, to: 2, random: &random)
      optimizer = Adam(for: layer)
    }

    mutating func visit(_ visitor: inout some ModuleVisitor) {
      visitor.child("layer", &layer)
      visitor.child("optimizer", &optimizer)
    }

    mutating func train() {
      let (_, gradients) = valueAndGradient(of: &layer) { square($0(.ones([4, 3]))).sum() }
      _ = optimizer.update(&layer, along: gradients, learningRate: 0.1, clippingTo: nil)
    }
  }

  private let file = TemporaryFile("checkpoint.safetensors")
  private var path: String { file.path }

  @Test func aRestoredModuleGoesOnBitForBit() throws {
    var whole = Model(seed: 1)
    for _ in 0..<3 { whole.train() }
    try Checkpoint.write(&whole, to: path)
    var resumed = Model(seed: 2)
    try Checkpoint.read(into: &resumed, from: path)
    for _ in 0..<3 {
      whole.train()
      resumed.train()
    }
    #expect(whole.tensors.map(\.value.values) == resumed.tensors.map(\.value.values))
  }

  @Test func everyProblemOfAFileIsListed() throws {
    var writer = SafetensorsWriter()
    writer.add("layer.weight", .ones([2, 2]))
    writer.add("stranger", .ones([1]))
    try writer.write(to: path)
    var model = Model(seed: 1)
    let before = model.layer.weight.values
    do {
      try Checkpoint.read(into: &model, from: path)
      Issue.record("a file that does not fit was accepted")
    } catch {
      let text = "\(error)"
      #expect(text.contains("layer.weight: found shape [2, 2], expected [3, 2]"))
      #expect(text.contains("layer.bias: missing"))
      #expect(text.contains("optimizer.steps: missing"))
      #expect(text.contains("stranger: in the file"))
    }
    #expect(model.layer.weight.values == before)
  }

  @Test func truncatedAndDamagedFilesGiveErrors() throws {
    var writer = SafetensorsWriter()
    writer.add("a", .ones([3, 2]))
    writer.add("b", integers: [7])
    let whole = writer.encoded()
    var random = RandomStream(seed: 9)
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: Fault.self) { try SafetensorsFile(path: path) }
    }
    // Random damage must give an error or a readable file, never a trap.
    for _ in 0..<300 {
      var damaged = whole
      damaged[random.integer(below: damaged.count)] = UInt8(random.integer(below: 256))
      try damaged.write(to: URL(fileURLWithPath: path))
      if let file = try? SafetensorsFile(path: path) { for entry in file.entries { _ = try? file.tensor(entry.name) } }
    }
  }

  @Test func halfPrecisionIsWidenedExactly() throws {
    let values: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7BFF, 0x3555]
    var file = Data()
    var header = Data(
      "{\"h\":{\"dtype\":\"F16\",\"shape\":[5],\"data_offsets\":[0,10]},\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[10,12]}}"
        .utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    withUnsafeBytes(of: UInt64(header.count)) { file.append(contentsOf: $0) }
    file.append(header)
    for value in values + [0x3FC0] { withUnsafeBytes(of: value) { file.append(contentsOf: $0) } }
    try file.write(to: URL(fileURLWithPath: path))
    let read = try SafetensorsFile(path: path)
    #expect(try read.tensor("h").values == [1, -2, 5.9604645e-8, 65504, 0.33325195])
    #expect(try read.tensor("b").values == [1.5])
  }
}
