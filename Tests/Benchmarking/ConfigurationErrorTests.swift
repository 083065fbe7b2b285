import Foundation
import LineupBenchmarking
import LineupFamilies
import LineupFormats
import LineupNetworks
import Testing

/// What a `config.json` says that cannot be honoured is said in one error, by file, key, found and expected.
@Suite struct ConfigurationErrorTests {
  private func configuration(_ members: String) throws -> DiffusersConfiguration {
    try DiffusersConfiguration(parsing: Array("{\(members)}".utf8), path: "config.json")
  }

  /// The keys that a configuration's error names.
  private func rejectedKeys(_ read: () throws -> Void) -> [String] {
    do {
      try read()
    } catch DiffusersConfigurationError.unfit(path: "config.json", let problems) {
      return problems.map(\.key)
    } catch {
      Issue.record("\(error)")
    }
    return []
  }

  @Test func everyUnfitKeyIsNamed() throws {
    let file = try configuration(
      """
      "_class_name": "UNet2DModel", "_name_or_path": "x", "block_out_channels": [32, 64], "dropout": 0.1,
      "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"], "up_block_types": ["UpBlock2D", "UpBlock2D"],
      "norm_num_groups": 24, "num_class_embeds": 10, "layers_per_block": [1, 2], "attention_head_dim": 65,
      "act_fn": "snake", "width": 3, "sample_size": [1, 2, 3], "downsample_type": "fir"
      """)
    let keys = rejectedKeys { _ = try UNet2DModel.Configuration(diffusers: file) }
    #expect(
      Set(keys) == [
        "dropout", "down_block_types", "norm_num_groups", "num_class_embeds", "layers_per_block", "attention_head_dim",
        "act_fn", "width", "sample_size", "downsample_type",
      ])
  }

  @Test func anErrorSaysWhatWasFoundAndExpected() throws {
    let file = try configuration(#""_class_name": "AutoencoderKL", "latent_channels": "four", "dropout": 0.5"#)
    do {
      _ = try AutoencoderKL.Configuration(diffusers: file)
      Issue.record("a wrong value was accepted")
    } catch {
      #expect(
        error.description.contains(#"config.json:1:34: latent_channels: found "four", expected a whole number from 1"#)
          && error.description.contains("dropout: found 0.5, expected no such key in a AutoencoderKL"))
    }
  }

  @Test(arguments: [
    (#""class_embed_type": "timestep""#, "class_embed_type"),
    (#""addition_embed_type": "text""#, "addition_embed_type"),
    (#""num_attention_heads": 4"#, "num_attention_heads"), (#""cross_attention_dim": [8]"#, "cross_attention_dim"),
    (#""attention_head_dim": [8, 640]"#, "attention_head_dim"), (#""attention_type": "gated""#, "attention_type"),
    (#""dual_cross_attention": true"#, "dual_cross_attention"), (#""norm_num_groups": null"#, "norm_num_groups"),
    (#""conv_in_kernel": 2"#, "conv_in_kernel"), (#""freq_shift": 16"#, "freq_shift"),
    (#""transformer_layers_per_block": [[1], [2]]"#, "reverse_transformer_layers_per_block"),
    (#""mid_block_type": "UNetMidBlock2DSimpleCrossAttn""#, "mid_block_type"),
  ])
  func conditionalNetworksNameTheKey(member: String, key: String) throws {
    let file = try configuration(
      """
      "_class_name": "UNet2DConditionModel", "block_out_channels": [32, 64], "cross_attention_norm": null,
      "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"], "layers_per_block": 1,
      "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"], \(member)
      """)
    #expect(rejectedKeys { _ = try UNet2DConditionModel.Configuration(diffusers: file) } == [key])
  }

  /// The settings of the published Stable Diffusion 1 are all understood.
  @Test func defaultsAreThoseOfTheClass() throws {
    let unet = try UNet2DConditionModel.Configuration(
      diffusers: configuration(#""_class_name": "UNet2DConditionModel", "cross_attention_dim": 768"#))
    #expect(
      unet
        == UNet2DConditionModel.Configuration(
          channels: [320, 640, 1280, 1280], layersPerBlock: 2, attends: [true, true, true, false], heads: [8, 8, 8, 8],
          contextWidth: 768))
  }

  @Test func otherClassesAndTextsAreRefused() throws {
    #expect(rejectedKeys { _ = try configuration(#""in_channels": 3"#) } == ["_class_name"])
    let other = try configuration(#""_class_name": "VQModel""#)
    #expect(rejectedKeys { _ = try UNet2DModel.Configuration(diffusers: other) } == ["_class_name"])
    for text in [#""_class_name": "#, #""_class_name": "UNet2DModel","#, #""in_channels": 3, "in_channels": 3"#] {
      #expect(throws: DiffusersConfigurationError.self) { _ = try configuration(text) }
    }
    #expect(throws: DiffusersConfigurationError.self) { _ = try DiffusersConfiguration(path: "/nowhere/config.json") }
  }
}
