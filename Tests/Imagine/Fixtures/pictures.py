"""Makes what Pillow and diffusers do with pictures, for the tests of pictures beside this folder.

    python pictures.py OUT

Writes OUT/*.jpg and OUT/notes.png, OUT/pictures.json with hashes of their pixels, of pictures at other sizes, and of
notes, and OUT/pictures.safetensors with tensors of pictures and with pictures that pass an autoencoder in tiles
(channels last). Needs Pillow, numpy, torch, diffusers and safetensors.
"""

import hashlib
import json
import pathlib
import random
import sys

import numpy
import torch
from diffusers import AutoencoderKL
from diffusers.image_processor import VaeImageProcessor
from PIL import Image, PngImagePlugin
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def noise(width, height, channels=3):
    """The picture of the same name in the tests: the upper bytes of a linear congruential sequence."""
    state, values = 7, []
    for _ in range(width * height * channels):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state >> 24)
    array = numpy.array(values, dtype=numpy.uint8).reshape(height, width, channels)
    return Image.fromarray(array if channels == 3 else array[:, :, 0])


def digest(picture):
    return hashlib.sha256(picture.tobytes()).hexdigest()


def scene(width, height):
    """Smooth colours with edges, as JPEG is made for."""
    y, x = numpy.mgrid[0:height, 0:width]
    waves = [128 + 127 * numpy.sin(x / (3 + c) + y / (7 - c)) for c in range(3)]
    array = numpy.stack(waves, axis=2)
    array[height // 3:height // 2, width // 4:width // 2] = [250, 20, 30]
    return Image.fromarray(array.astype(numpy.uint8))


def jpegs(out):
    colours, grey = scene(53, 37), scene(45, 31).convert("L")
    files = {
        "420": (colours, {"quality": 75}), "422": (colours, {"subsampling": "4:2:2", "quality": 60}),
        "444": (colours, {"subsampling": "4:4:4", "quality": 90}), "grey": (grey, {}),
        "progressive": (colours, {"progressive": True, "quality": 50}), "rgb": (colours, {"keep_rgb": True}),
        "inks": (colours.convert("CMYK"), {}),
    }
    found = {}
    for name, (picture, options) in files.items():
        path = out / f"{name}.jpg"
        picture.save(path, **options)
        read = Image.open(path)
        if name != "inks":
            found[f"{name}.jpg"] = {"pixels": digest(read.convert("RGB")), "luma": digest(read.convert("L"))}
    return found


def sizes():
    """Random pairs of sizes, larger and smaller, some that change one side only, and some that decide the order of both."""
    draw = random.Random(1)
    cases = [[9, 7, 9, 7], [9, 7, 18, 7], [9, 7, 9, 3], [1, 1, 4, 3], [40, 30, 1, 1], [64, 48, 32, 24]]
    cases += [[draw.randint(1, 60) for _ in range(4)] for _ in range(30)]
    cases += [[33, 10, 25, 3], [32, 34, 17, 17], [54, 59, 43, 13], [50, 47, 22, 5], [44, 48, 24, 6], [40, 40, 30, 20]]
    return [
        {"from": case[:2], "to": case[2:], "channels": channels,
         "pixels": digest(noise(*case[:2], channels).resize(case[2:], Image.LANCZOS).convert("RGB"))}
        for number, case in enumerate(cases) for channels in [1 if number % 4 == 3 else 3]
    ]


def notes(out):
    stored = PngImagePlugin.PngInfo()
    stored.add_text("parameters", "a cat\nSteps: 20")
    stored.add_text("latin", "caf\u00e9")
    stored.add_text("packed", "caf\u00e9 " * 300, zip=True)
    stored.add_itxt("greek", "\u03b2 = 4", "el", "\u03b5\u03bb")
    stored.add_itxt("packed greek", "\u03b2 = 4 " * 300, zip=True)
    noise(6, 5).save(out / "notes.png", pnginfo=stored)
    return {key: str(text) for key, text in Image.open(out / "notes.png").text.items()}


def tensors():
    picture = noise(7, 5)
    processor = VaeImageProcessor(do_resize=False)
    mask = VaeImageProcessor(do_resize=False, do_normalize=False, do_binarize=True, do_convert_grayscale=True)
    # Halves, which are rounded to even values, and values outside.
    halves = torch.tensor([(k + 0.5) / 255 * 2 - 1 for k in range(255)])
    signed = torch.cat([halves, torch.linspace(-1.2, 1.2, 345)]).reshape(1, 3, 10, 20)
    plain = VaeImageProcessor(do_resize=False, do_normalize=False)
    return {
        "signed": processor.preprocess(picture), "unit": plain.preprocess(picture), "mask": mask.preprocess(picture),
        "output": signed,
        "output.pixels": torch.tensor(numpy.array(processor.postprocess(signed)[0])).permute(2, 0, 1)[None].float(),
    }


@torch.no_grad()
def tiles():
    """An autoencoder with tiles of 8 latents on planes that end with whole tiles, with parts, and with single rows."""
    model = AutoencoderKL.from_pretrained(HERE / "checkpoints/sd1/vae").eval()
    model.enable_tiling()
    generator, found = torch.Generator().manual_seed(5), {}
    for height, width in [(21, 27), (8, 13), (9, 6)]:
        latents = torch.randn(1, 4, height, width, generator=generator).half().float()
        image = (torch.rand(1, 3, 2 * height, 2 * width, generator=generator) * 2 - 1).half().float()
        moments = model.encode(image).latent_dist.parameters
        decoded = model.decode(latents).sample
        name = f"tiles.{height}x{width}"
        found |= {f"{name}.latents": latents, f"{name}.image": image, f"{name}.moments": moments,
                  f"{name}.decoded": decoded}
    return found


def main(out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    record = {"jpeg": jpegs(out), "sizes": sizes(), "notes": notes(out)}
    (out / "pictures.json").write_text(json.dumps(record, indent=1) + "\n")
    channels_last = {name: tensor.permute(0, 2, 3, 1).contiguous() for name, tensor in (tensors() | tiles()).items()}
    save_file(channels_last, out / "pictures.safetensors")


main(sys.argv[1])
