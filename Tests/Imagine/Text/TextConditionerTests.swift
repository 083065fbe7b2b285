import Foundation
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupStrictJSON
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct TextConditionerTests {
  private struct Golden: Decodable {
    var kind: String
    var checkpoint: String
    var prompt: String
    var negative: String
    var skipping: Int
  }

  /// diffusers' embeddings of plain prompts, with layers skipped, and with textual inversions of one and of twelve vectors,
  /// and those of weighted and long prompts by the rule written down in Python.
  @Test(arguments: ["sd1", "sd2"]) func embeddingsAreTheReferences(checkpoint: String) throws {
    let tensors = try SafetensorsFile(path: Fixtures.path("text-goldens.safetensors"))
    let plain = try TextFixtures.conditioner(checkpoint)
    var extended = plain
    try extended.add(TextualInversion(file: Fixtures.path("text-inversion-\(checkpoint)-one.safetensors")))
    try extended.add(
      TextualInversion(file: Fixtures.path("text-inversion-\(checkpoint)-several.safetensors"), token: "sks"))
    var worst: Float = 0
    for (index, golden) in try TextFixtures.decoded([Golden].self, "text-goldens.json").enumerated()
    where golden.checkpoint == checkpoint {
      let conditioner = golden.kind == "inversion" ? extended : plain
      let found = conditioner.embeddings(
        prompt: golden.prompt, negative: golden.negative, style: golden.kind == "weighted" ? .weighted : .plain,
        skippingLast: golden.skipping)
      for (name, tensor) in [("prompt", found.prompt), ("negative", found.negative)] {
        let difference = TextFixtures.difference(tensor, try tensors.tensor("\(index).\(name)"))
        // The mean of weighted states is close to zero, and dividing by it enlarges rounding.
        let bound: Float = golden.kind == "weighted" ? 1e-4 : 1e-5
        #expect(difference < bound, "\(golden.kind), \(name): \(golden.prompt) / \(golden.negative)")
        worst = max(worst, difference)
      }
    }
    #expect(worst > 0, "nothing was compared")
  }

  @Test func shortPromptsWithoutBracketsAreTheSameInBothStyles() throws {
    let conditioner = try TextFixtures.conditioner("sd1")
    let plain = conditioner.embeddings(prompt: "a red cat", style: .plain)
    let weighted = conditioner.embeddings(prompt: "a red cat", style: .weighted)
    #expect(plain.prompt.values == weighted.prompt.values && plain.negative.values == weighted.negative.values)
  }

  @Test func whatIsCutFromAPromptIsSaid() throws {
    let conditioner = try TextFixtures.conditioner("sd1")
    let long = [String](repeating: "a", count: 75).joined(separator: " ")
    #expect(conditioner.embeddings(prompt: long).notes == [])
    let notes = conditioner.embeddings(prompt: long + " red cat", negative: "dog").notes
    #expect(
      notes == ["the prompt has 77 tokens, of which 75 are read; this was left out: \"red cat\""])
    let whole = conditioner.embeddings(prompt: long + " red cat", negative: "dog", style: .weighted)
    #expect(whole.notes == [] && whole.prompt.shape == [1, 154, 16] && whole.negative.shape == [1, 154, 16])
  }

  @Test func inversionsThatDoNotFitAreRefused() throws {
    var conditioner = try TextFixtures.conditioner("sd1")
    #expect(throws: TextualInversionError.wrongWidth(token: "x", found: 24, expected: 16)) {
      try conditioner.add(TextualInversion(token: "x", vectors: .zeros([2, 24])))
    }
    #expect(throws: TextualInversionError.tokenExists("cat</w>")) {
      try conditioner.add(TextualInversion(token: "cat</w>", vectors: .zeros([1, 16])))
    }
    try conditioner.add(TextualInversion(token: "zed_1", vectors: .zeros([1, 16])))
    #expect(throws: TextualInversionError.tokenExists("zed_1")) {
      try conditioner.add(TextualInversion(token: "<zed>", vectors: .zeros([1, 16])))
      try conditioner.add(TextualInversion(token: "zed", vectors: .zeros([2, 16])))
    }
    #expect(conditioner.encoder.configuration.vocabulary == 553)
  }

  @Test func filesOfInversionsAreChecked() throws {
    try withTemporaryFolder { folder in
      func message(_ name: String, _ write: (String) throws -> Void) rethrows -> String {
        try write("\(folder)/\(name)")
        do { return "the token \(try TextualInversion(file: "\(folder)/\(name)").token)" } catch { return "\(error)" }
      }
      func tensors(_ named: [String: Tensor]) -> (String) throws -> Void {
        var writer = SafetensorsWriter()
        for (name, tensor) in named { writer.add(name, tensor) }
        return { [writer] path in try writer.write(to: path) }
      }
      func bytes(_ bytes: [UInt8]) -> (String) throws -> Void {
        { try Data(bytes).write(to: URL(fileURLWithPath: $0)) }
      }
      let vector = Tensor.zeros([16])
      #expect(try message("style.safetensors", tensors(["clip_l": vector])) == "the token style")
      #expect(try message("a.safetensors", tensors(["<hat>": vector])) == "the token <hat>")
      let two = try message("b.safetensors", tensors(["clip_g": vector, "clip_l": vector]))
      #expect(two.contains("b.safetensors: found the tensors clip_g, clip_l"), "\(two)")
      #expect(try message("c.safetensors", tensors(["x": .zeros([1, 1, 4])])).contains("x of shape [1, 1, 4]"))
      for (name, first) in [("d.pt", Array("PK\u{3}\u{4}".utf8)), ("e.bin", [0x80, 2, 0x7D, 0x71])] {
        let text = try message(name, bytes(first))
        #expect(text.contains("pickle") && text.contains("safetensors.torch.save_file"), "\(text)")
      }
      #expect(message("f.safetensors") { _ in }.contains("there is no such file"))
    }
  }
}
