import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct ExportTests {
  private static let study = """
    {
      "name": "tiny", "data": { "name": "shapes", "channels": 1, "count": 300, "testCount": 100, "validationCount": 100 },
      "budget": { "steps": 4 }, "seeds": [3],
      "arms": {
        "latent": {
          "family": "latentDiffusion", "batchSize": 4, "autoencoder": { "channels": [4, 4, 8] },
          "unet": { "channels": [8, 16] }, "text": { "width": 16, "layers": 1, "vocabulary": 540 }
        },
        "gan": { "family": "adversarial", "batchSize": 8, "channels": [8, 16], "hidden": 32 }
      },
      "evaluation": { "samples": 32, "interimSamples": 16, "samplerSteps": 2, "marks": [0.5], "timingSteps": 1 }
    }
    """

  /// The folder of a latent diffusion arm is whole; another family's arm is refused with the names of those that can be
  /// exported.
  @Test func latentDiffusionIsExportedForDiffusers() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let file = try folder.write("tiny.json", Self.study)
    let run = try Executable.run("run", file, "--results", folder.path)
    #expect(run.status == 0, "\(run.errors)")

    let (runs, out) = ("\(folder.path)/tiny/default/runs", "\(folder.path)/out")
    let exported = try Executable.run("export", "\(runs)/latent/seed-3", "--format", "diffusers", "--out", out)
    #expect(exported.status == 0, "\(exported.errors)")
    for name in ["model_index.json", "lineup.json", "unet/diffusion_pytorch_model.safetensors", "tokenizer/vocab.json"]
    {
      #expect(FileManager.default.fileExists(atPath: "\(out)/\(name)"), "\(name)")
    }
    #expect(try String(contentsOfFile: "\(out)/lineup.json", encoding: .utf8).contains("\"step\": 4"))
    try expectPictures(of: out, in: folder.path)

    let refused = try Executable.run("export", "\(runs)/gan/seed-3", "--format", "diffusers", "--out", out)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("only latent diffusion models with captions can. In this study it can be: latent."))
  }

  /// The exported model draws grey pictures, from noise and from another one.
  private func expectPictures(of model: String, in folder: String) throws {
    let (first, second) = ("\(folder)/first.png", "\(folder)/second.png")
    let options = ["imagine", "--model", model, "--prompt", "a red circle", "--steps", "2", "--seed", "1"]
    let drawn = try Executable.run(options + ["--output", first])
    #expect(drawn.status == 0, "\(drawn.errors)")
    let picture = try Picture(pngFile: first)
    #expect(picture.isGrey && picture.width == 32 && picture.height == 32)
    let changed = try Executable.run(options + ["--image", first, "--output", second])
    #expect(changed.status == 0, "\(changed.errors)")
    #expect(try Picture(pngFile: second).isGrey)
  }
}
