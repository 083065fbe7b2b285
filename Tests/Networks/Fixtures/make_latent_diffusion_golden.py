"""Writes the golden files of the conditional U-Net, the text encoder and the tokenizer: tiny random networks made with
diffusers and transformers, in half precision and under those libraries' names, with inputs and outputs.

    python make_latent_diffusion_golden.py    (needs torch, diffusers, transformers, safetensors; writes beside itself)
"""

import json
import pathlib
import tempfile

import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizerFast

HERE = pathlib.Path(__file__).parent
TEXTS = [
    "",
    "an ankle boot",
    "A  Big\tRED boot, it's 3:45pm, isn't it?!",
    "naïve café ☕ cafe\u0301",
    "高清 8k ㈱ ½ ⅷ ٣٤",
    "Привет, мир! Ελλάς ΣΑΣ İstanbul",
    "नमस्ते दुनिया — שלום 🙂🙂",
    "<|startoftext|>boot<|endoftext|>s 'they'll we'd I'M 'S ''ve",
    "a\u00a0b\u2003c\u200bd\u0085e",
]


def randomised(module, seed):
    """Every parameter random and exactly representable in half precision, also those that begin at zero or one."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        fan_in = parameter[0].numel() if parameter.ndim > 1 else 1
        value = noise * (fan_in**-0.5 if parameter.ndim > 1 else 0.1)
        if "norm" in name and name.endswith("weight"):
            value = value + 1
        parameter.data = value.half().float()
    return module.eval()


def halves(module, prefix=""):
    return {prefix + name: value.half().contiguous() for name, value in module.state_dict().items()
            if not name.endswith("position_ids")}


def unet(name, seed, size, heads, blocks, linear):
    network = randomised(
        UNet2DConditionModel(
            sample_size=size[0], in_channels=3, out_channels=2, block_out_channels=blocks, layers_per_block=1,
            down_block_types=["CrossAttnDownBlock2D"] * (len(blocks) - 1) + ["DownBlock2D"],
            up_block_types=["UpBlock2D"] + ["CrossAttnUpBlock2D"] * (len(blocks) - 1),
            cross_attention_dim=6, attention_head_dim=heads, norm_num_groups=2, use_linear_projection=linear),
        seed)
    generator = torch.Generator().manual_seed(seed + 1)
    sample = torch.randn((2, 3, *size), generator=generator)
    context = torch.randn((2, 5, 6), generator=generator)
    times = torch.tensor([7, 981])
    with torch.no_grad():
        output = network(sample, times, encoder_hidden_states=context).sample
    save_file(halves(network), HERE / f"{name}.safetensors")
    save_file(
        {"sample": sample.permute(0, 2, 3, 1).contiguous(), "context": context, "times": times.float(),
         "output": output.permute(0, 2, 3, 1).contiguous()},
        HERE / f"{name}-golden.safetensors")


def text(name, seed, activation):
    # The end mark is given, because some versions of the library otherwise look for another one.
    network = randomised(
        CLIPTextModel(
            CLIPTextConfig(
                vocab_size=40, hidden_size=8, intermediate_size=20, num_hidden_layers=2, num_attention_heads=2,
                max_position_embeddings=9, hidden_act=activation, bos_token_id=38, eos_token_id=39, pad_token_id=39)),
        seed)
    tokens = torch.tensor([[38, 3, 17, 25, 39, 39, 39], [38, 0, 1, 2, 4, 5, 39]])
    with torch.no_grad():
        result = network(tokens, output_hidden_states=True)
        state = network.state_dict()
        prefix = "" if any(key.startswith("text_model.") for key in state) else "text_model."
        final = network.text_model.final_layer_norm if hasattr(network, "text_model") else network.final_layer_norm
        skipped = final(result.hidden_states[-2])
    save_file(halves(network, prefix), HERE / f"{name}.safetensors")
    save_file(
        {"tokens": tokens.float(), "output": result.last_hidden_state, "skipped": skipped.contiguous()},
        HERE / f"{name}-golden.safetensors")


def tokenizer():
    """Token numbers by the library's fast tokenizer over a small merge list."""
    alphabet = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    rest = [byte for byte in range(256) if byte not in alphabet]
    characters = [chr(byte) for byte in alphabet] + [chr(256 + place) for place in range(len(rest))]
    merges = ["b o", "o t</w>", "bo ot</w>", "a n", "an k", "l e</w>", "ank le</w>", "a n</w>", "Ð ¸", "i s", "n '",
              "' l", "l l</w>", "Ã ©</w>", "r e", "re d</w>"]
    tokens = characters + [c + "</w>" for c in characters] + [m.replace(" ", "") for m in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "vocab.json").write_text(json.dumps({token: place for place, token in enumerate(tokens)}))
        (folder / "merges.txt").write_text("\n".join(["#version: 0.2"] + merges) + "\n")
        fast = CLIPTokenizerFast.from_pretrained(folder)
        numbers = [fast(line, add_special_tokens=False)["input_ids"] for line in TEXTS]
    golden = {"merges": merges, "texts": TEXTS, "tokens": numbers}
    (HERE / "tokenizer-golden.json").write_text(json.dumps(golden, ensure_ascii=True, indent=1) + "\n")


if __name__ == "__main__":
    unet("unet-three-levels", 1, (8, 8), 2, (4, 8, 8), False)
    unet("unet-odd-size", 2, (5, 7), [1, 2], (4, 8), True)
    text("text-quick-gelu", 3, "quick_gelu")
    text("text-gelu", 4, "gelu")
    tokenizer()
