"""Holds a folder that `lineup export --format diffusers` wrote against tensors of a picture drawn from the same model.

    python check_export.py DIR TENSORS --prompt TEXT [--negative TEXT] [--steps N] [--guidance G] [--record OUT]

diffusers opens DIR, draws the prompt's picture from `initial_latents` of the safetensors file TENSORS, as `lineup imagine
--save-tensors` writes it, and prints for each other tensor there (prompt_embeds, negative_prompt_embeds, latents, image;
pictures are [batch, channels, height, width] in [0, 1]) the largest difference over the largest number. A picture without
the frame is compared with the part that DIR/lineup.json says is the image. Ends with 1 where a difference is above 1e-4.
--record writes what diffusers made, without the frame, as a fixture.
Needs torch, diffusers, transformers and safetensors.
"""

import argparse
import json
import pathlib
import sys

import torch
from diffusers import DiffusionPipeline
from safetensors.torch import load_file, save_file


def drawn(folder, given, arguments):
    """What diffusers makes of the prompt, under the names of TENSORS."""
    pipeline = DiffusionPipeline.from_pretrained(folder)
    pipeline.set_progress_bar_config(disable=True)
    tokens = pipeline.tokenizer(
        arguments.prompt, padding="max_length", max_length=pipeline.tokenizer.model_max_length, truncation=True,
        return_tensors="pt").input_ids
    prompt, negative = pipeline.encode_prompt(
        arguments.prompt, "cpu", 1, True, negative_prompt=arguments.negative)
    made = {"tokens": tokens[0].contiguous(), "prompt_embeds": prompt, "negative_prompt_embeds": negative,
            "initial_latents": given["initial_latents"]}
    options = dict(
        prompt=arguments.prompt, negative_prompt=arguments.negative, num_inference_steps=arguments.steps,
        guidance_scale=arguments.guidance)
    made["latents"] = pipeline(latents=given["initial_latents"].clone(), output_type="latent", **options).images
    made["image"] = pipeline(latents=given["initial_latents"].clone(), output_type="pt", **options).images
    picture = pipeline(latents=given["initial_latents"].clone(), **options).images[0]
    print(f"a picture of {picture.width}x{picture.height}, mode {picture.mode}")
    return made


def cropped(image, folder):
    part = json.loads((pathlib.Path(folder) / "lineup.json").read_text())["image"]
    return image[:, :, part["top"]:part["top"] + part["height"], part["left"]:part["left"] + part["width"]].contiguous()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("tensors")
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--negative", default="")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--guidance", type=float, default=2)
    parser.add_argument("--record")
    arguments = parser.parse_args()
    given = load_file(arguments.tensors)
    with torch.no_grad():
        made = drawn(arguments.folder, given, arguments)
    worst = 0.0
    for name in [name for name in made if name in given and name != "initial_latents"]:
        ours, theirs = given[name].float(), made[name].float()
        if name == "image" and ours.shape != theirs.shape:
            theirs = cropped(theirs, arguments.folder)
        if ours.shape != theirs.shape:
            sys.exit(f"{name}: the shape is {tuple(ours.shape)}, diffusers' is {tuple(theirs.shape)}")
        error = ((ours - theirs).abs().max() / theirs.abs().max()).item()
        worst = max(worst, error)
        print(f"{name:24} {tuple(theirs.shape)}  {error:.2e}")
    if arguments.record:
        made["image"] = cropped(made["image"], arguments.folder)
        save_file(made, arguments.record)
    sys.exit(0 if worst <= 1e-4 else 1)


main()
