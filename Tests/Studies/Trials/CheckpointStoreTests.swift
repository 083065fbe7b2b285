import Foundation
import LineupFormats
import LineupNetworks
import LineupStudies
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct CheckpointStoreTests {
  /// A state of one number.
  private struct State: Module {
    var value: Tensor

    init(_ value: Float) { self.value = Tensor([value], shape: [1]) }

    mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.parameter("value", &value) }
  }

  private let folder: TemporaryFolder
  private let store: CheckpointStore

  init() throws {
    folder = try TemporaryFolder()
    store = CheckpointStore(folder: folder.path)
  }

  private func save(_ steps: Int...) throws {
    for step in steps {
      var state = State(Float(step))
      try store.save(&state, step: step, of: owner)
    }
  }

  private func restored() -> (value: Float, step: Int?, problems: Int) {
    var state = State(-1)
    let (step, problems) = store.restore(&state, of: owner)
    return (state.value.values[0], step, problems.count)
  }

  private let owner = CheckpointIdentity(inputs: "ab", trial: TrialName(arm: "gan", seed: 1))

  /// No bit of a checkpoint can change unseen.
  @Test func aBitThatChangedIsTold() throws {
    try save(7)
    let whole = try WholeFile.read(store.path(7))
    for place in whole.indices {
      var changed = whole
      changed[place] ^= 1 << UInt8(place % 8)
      try DurableFile.write(changed, to: store.path(7))
      #expect(restored() == (-1, nil, 1), "byte \(place)")
    }
  }

  /// Another seed's checkpoint under this one's name, one of another step, and one that says nothing of itself.
  @Test func checkpointsOfOthersAreRefused() throws {
    var other = owner
    other.trial = TrialName(arm: "gan", seed: 2)
    var state = State(3)
    try store.save(&state, step: 3, of: other)
    #expect("\(store.restore(&state, of: owner).problems)".contains("belongs to seed 2"))
    try FileManager.default.moveItem(atPath: store.path(3), toPath: store.path(4))
    #expect("\(store.restore(&state, of: other).problems)".contains("belongs to step 3"))

    var writer = SafetensorsWriter()
    writer.metadata = ["arm": "gan", "seed": "1"]
    writer.add("value", Tensor([5], shape: [1]))
    try writer.write(to: store.path(5))
    #expect("\(store.restore(&state, of: owner).problems)".contains("no digest"))
    #expect(store.restore(&state, of: owner, acceptingUnsealed: true).step == 5)
    #expect(state.value.values == [5])
  }

  @Test func theLastTwoAreKept() throws {
    // As numbers, not as words: 1000 comes after 900.
    try save(800, 900, 1000)
    #expect(store.steps() == [1000, 900])
    #expect(restored() == (1000, 1000, 0))
  }

  @Test func otherFilesStay() throws {
    try folder.write("step-5.txt", "notes")
    try folder.write("step-x.safetensors", "notes")
    try save(1, 2, 3)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["step-2.safetensors", "step-3.safetensors", "step-5.txt", "step-x.safetensors"])
  }

  @Test func aDamagedNewestIsPassedOverAndTold() throws {
    try save(10, 20)
    let whole = try Data(contentsOf: URL(fileURLWithPath: store.path(20)))
    try folder.write("step-20.safetensors", whole.dropLast(3))
    var state = State(-1)
    let (step, problems) = store.restore(&state, of: owner)
    #expect(step == 10 && state.value.values == [10])
    #expect(problems.count == 1)
    #expect("\(problems[0])".contains("step-20.safetensors"))
  }

  @Test func nothingToGoOnFromIsNoStep() throws {
    #expect(restored() == (-1, nil, 0))
    try folder.write("step-1.safetensors", "")
    try folder.write("step-2.safetensors", "no tensors")
    #expect(restored() == (-1, nil, 2))
  }

  @Test func clearingLeavesNone() throws {
    try save(1, 2)
    store.clear()
    #expect(store.steps().isEmpty)
    #expect(restored() == (-1, nil, 0))
  }
}
