"""Makes tiny random checkpoints in the layout of diffusers, which the other scripts here hold Lineup against.

    python tiny_checkpoints.py OUT [NAME ...]

Names: sd1 (epsilon, PNDM, quick-GELU, 1x1 projections), sd2 (v-prediction, linear projections, GELU, one head width),
inpaint (9 channels), upscale (7 channels, class embedding), controlnet. All weights are exact in half precision, and the
last three are files of half precision under the names of the variant fp16. sd1 has its tokenizer as vocab.json and
merges.txt, sd2 as tokenizer.json.
Needs torch, diffusers, transformers and safetensors.
"""

import json
import pathlib
import sys

import torch
from diffusers import (AutoencoderKL, ControlNetModel, DDIMScheduler, DDPMScheduler, PNDMScheduler,
                       StableDiffusionInpaintPipeline, StableDiffusionPipeline, StableDiffusionUpscalePipeline,
                       UNet2DConditionModel)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

WORDS = ["a", "photo", "of", "cat", "dog", "in", "the", "red", "blue", "house", "boot", "space", "ship", "lands", "san"]


def merges():
    """Joins that build the words above letter by letter, so that prompts have tokens of several lengths."""
    made = []
    for word in WORDS:
        letters = list(word)
        letters[-1] += "</w>"
        while len(letters) > 1:
            pair = (letters[0], letters[1])
            if pair not in made:
                made.append(pair)
            letters[:2] = ["".join(pair)]
    return made


def byte_characters():
    plain = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    rest = [b for b in range(256) if b not in plain]
    return [chr(b) for b in plain] + [chr(256 + n) for n in range(len(rest))]


def tokenizer(folder, padding):
    """A CLIP tokenizer with a small vocabulary, as vocab.json and merges.txt."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pairs = merges()
    characters = byte_characters()
    tokens = characters + [c + "</w>" for c in characters] + ["".join(p) for p in pairs]
    tokens = list(dict.fromkeys(tokens)) + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({t: n for n, t in enumerate(tokens)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(p) for p in pairs) + "\n")
    pad = "!" if padding == 0 else "<|endoftext|>"
    made = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77, pad_token=pad)
    made.save_pretrained(folder)
    return made, len(tokens)


def randomize(module, seed):
    """Every parameter random, also those that begin at zero or one, and exact in half precision."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        value = noise * (parameter[0].numel() ** -0.5 if parameter.ndim > 1 else 0.1)
        if "embedding.weight" in name:
            value = noise * 0.5
        if "norm" in name and name.endswith("weight"):
            value = value + 1
        parameter.data = value.half().float()
    return module.eval()


def text_encoder(vocabulary, width, activation, seed):
    return randomize(
        CLIPTextModel(
            CLIPTextConfig(
                vocab_size=vocabulary, hidden_size=width, intermediate_size=2 * width, num_hidden_layers=3,
                num_attention_heads=2, max_position_embeddings=77, hidden_act=activation,
                bos_token_id=vocabulary - 2, eos_token_id=vocabulary - 1, pad_token_id=vocabulary - 1)), seed)


def autoencoder(channels, scale, seed, sample_size=16):
    return randomize(
        AutoencoderKL(
            down_block_types=["DownEncoderBlock2D"] * len(channels), up_block_types=["UpDecoderBlock2D"] * len(channels),
            block_out_channels=channels, layers_per_block=1, latent_channels=4, norm_num_groups=4,
            sample_size=sample_size, scaling_factor=scale), seed)


def unet(width, seed, **settings):
    options = dict(
        sample_size=8, in_channels=4, out_channels=4, block_out_channels=[8, 16],
        down_block_types=["CrossAttnDownBlock2D", "DownBlock2D"], up_block_types=["UpBlock2D", "CrossAttnUpBlock2D"],
        layers_per_block=1, cross_attention_dim=width, attention_head_dim=2, norm_num_groups=4)
    return randomize(UNet2DConditionModel(**(options | settings)), seed)


SCALED_LINEAR = dict(
    beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000, steps_offset=1,
    clip_sample=False, set_alpha_to_one=False)


def sd1(out):
    words, count = tokenizer(out / "sd1" / "tokenizer", padding=None)
    StableDiffusionPipeline(
        vae=autoencoder([8, 16], 0.18215, 11), text_encoder=text_encoder(count, 16, "quick_gelu", 12), tokenizer=words,
        unet=unet(16, 13), scheduler=PNDMScheduler(
            skip_prk_steps=True, **{k: v for k, v in SCALED_LINEAR.items() if k != "clip_sample"}),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False).save_pretrained(out / "sd1")
    (out / "sd1" / "tokenizer" / "tokenizer.json").unlink()
    # Published files of this scheduler say so too; it means something to the schedulers that replace this one.
    path = out / "sd1" / "scheduler" / "scheduler_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"clip_sample": False}, indent=2) + "\n")


def sd2(out):
    words, count = tokenizer(out / "sd2" / "tokenizer", padding=0)
    StableDiffusionPipeline(
        vae=autoencoder([8, 16, 16], 0.13, 21), text_encoder=text_encoder(count, 24, "gelu", 22), tokenizer=words,
        unet=unet(24, 23, attention_head_dim=[1, 2], use_linear_projection=True, upcast_attention=True,
                  down_block_types=["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
                  up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]),
        scheduler=DDIMScheduler(prediction_type="v_prediction", **SCALED_LINEAR),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False).save_pretrained(out / "sd2")
    for name in ("vocab.json", "merges.txt"):
        (out / "sd2" / "tokenizer" / name).unlink()


def inpaint(out):
    words, count = tokenizer(out / "inpaint" / "tokenizer", padding=None)
    StableDiffusionInpaintPipeline(
        vae=autoencoder([8, 16], 0.18215, 31), text_encoder=text_encoder(count, 16, "quick_gelu", 32), tokenizer=words,
        unet=unet(16, 33, in_channels=9), scheduler=DDIMScheduler(**SCALED_LINEAR), safety_checker=None,
        feature_extractor=None, requires_safety_checker=False).to(torch.float16).save_pretrained(
            out / "inpaint", variant="fp16")


def upscale(out):
    words, count = tokenizer(out / "upscale" / "tokenizer", padding=0)
    StableDiffusionUpscalePipeline(
        vae=autoencoder([8, 16, 16], 0.08333, 41), text_encoder=text_encoder(count, 16, "gelu", 42), tokenizer=words,
        unet=unet(16, 43, in_channels=7, num_class_embeds=1000, use_linear_projection=True,
                  only_cross_attention=[True, False], attention_head_dim=2,
                  down_block_types=["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
                  up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]),
        low_res_scheduler=DDPMScheduler(
            beta_start=0.0001, beta_end=0.02, beta_schedule="scaled_linear", clip_sample=True,
            num_train_timesteps=1000),
        scheduler=DDIMScheduler(prediction_type="v_prediction", **SCALED_LINEAR), max_noise_level=350,
    ).to(torch.float16).save_pretrained(out / "upscale", variant="fp16")


def controlnet(out):
    made = ControlNetModel(
        in_channels=4, block_out_channels=[8, 16], down_block_types=["CrossAttnDownBlock2D", "DownBlock2D"],
        layers_per_block=1, cross_attention_dim=16, attention_head_dim=2, norm_num_groups=4,
        conditioning_embedding_out_channels=[4, 8])
    randomize(made, 51).half().save_pretrained(out / "controlnet", variant="fp16")


MAKERS = {f.__name__: f for f in (sd1, sd2, inpaint, upscale, controlnet)}

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or MAKERS:
        MAKERS[name](folder)
