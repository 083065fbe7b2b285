"""Makes a checkpoint of the size of Stable Diffusion 1.5 with cheap random weights, to measure loading with.

    python full_size_checkpoint.py OUT [--half]

4.3 GB, or 2.1 GB as the variant fp16. The pictures that it makes are noise. Needs torch, diffusers and transformers; the
tokenizer is the small one of `tiny_checkpoints.py`.
"""

import pathlib
import sys

import torch
from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

import tiny_checkpoints


def filled(make, seed):
    """A network whose weights are one short random pattern, repeated and scaled for each layer's width."""
    with torch.device("meta"):
        module = make()
    module = module.to_empty(device="cpu")
    pattern = torch.randn(65537, generator=torch.Generator().manual_seed(seed))
    for name, parameter in module.named_parameters():
        count = parameter.numel()
        scale = parameter[0].numel() ** -0.5 if parameter.ndim > 1 else 0.02
        value = (pattern.repeat(count // len(pattern) + 1)[:count] * scale).reshape(parameter.shape)
        parameter.data = value + 1 if "norm" in name and name.endswith("weight") else value
    return module.eval()


def main(out, half):
    words, _ = tiny_checkpoints.tokenizer(out / "tokenizer", padding=None)
    pipeline = StableDiffusionPipeline(
        vae=filled(lambda: AutoencoderKL(
            down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4,
            block_out_channels=[128, 256, 512, 512], layers_per_block=2, sample_size=512), 1),
        text_encoder=filled(lambda: CLIPTextModel(CLIPTextConfig(
            vocab_size=49408, hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
            hidden_act="quick_gelu")), 2),
        tokenizer=words, unet=filled(lambda: UNet2DConditionModel(sample_size=64, cross_attention_dim=768), 3),
        scheduler=PNDMScheduler(skip_prk_steps=True, **{
            k: v for k, v in tiny_checkpoints.SCALED_LINEAR.items() if k != "clip_sample"}),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    if half:
        pipeline = pipeline.to(torch.float16)
    pipeline.save_pretrained(out, variant="fp16" if half else None)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), "--half" in sys.argv)
