import LineupFormats
import LineupNetworks

extension BuiltInModel {
  /// The `config.json` of networks that diffusers has too.
  var configuration: DiffusersConfiguration? {
    get throws {
      try text.map { try DiffusersConfiguration(parsing: Array($0.utf8), path: rawValue) }
    }
  }

  private var text: String? {
    switch self {
    case .autoencoderKL:
      """
      {
        "_class_name": "AutoencoderKL", "sample_size": 32, "block_out_channels": [32, 64, 128], "layers_per_block": 1,
        "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
        "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]
      }
      """
    case .unet2D:
      """
      {
        "_class_name": "UNet2DModel", "sample_size": 32, "block_out_channels": [32, 64, 128], "layers_per_block": 1,
        "down_block_types": ["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
        "up_block_types": ["AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"]
      }
      """
    case .latentUNet:
      """
      {
        "_class_name": "UNet2DConditionModel", "sample_size": 8, "block_out_channels": [64, 128],
        "layers_per_block": 1, "cross_attention_dim": 64, "attention_head_dim": 4,
        "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
        "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]
      }
      """
    case .seedUNet, .dcgan, .vae: nil
    }
  }
}
