"""Writes unet2d-*.safetensors: narrow U-Nets of the annotated diffusion notebook computed by PyTorch, for the tests of
NotebookUNet. The network is the one that the benchmarks time beside Lineup's.

Needs torch, numpy and safetensors; the tests do not. Run in this folder: python make_unet2d_golden.py

A file holds the weights under Lineup's names and in its layouts, and input, timesteps, probe, output and the value
mean(output * probe); the seed's also its gradient in every weight ("gradient.NAME").
"""

import re
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Benchmarks/peers"))

from seed_unet import SeedUNet  # noqa: E402


def named(name, value):
    """A weight (or its gradient) under Lineup's name and in its layout."""
    name = re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
    name = name.replace("normalize.weight", "normalize.scale").replace("normalize.bias", "normalize.offset")
    if value.ndim == 4:
        value = value.permute(2, 3, 1, 0)
    elif value.ndim == 2:
        value = value.T
    return name, np.ascontiguousarray(value.detach().numpy())


def write(path, side, gradients, channels=1, **configuration):
    torch.manual_seed(7)
    model = SeedUNet(channels, **configuration)
    with torch.no_grad():  # Norms that are not the identity, so that a mix-up of scale and offset shows.
        for name, value in model.named_parameters():
            if "normalize" in name:
                value += 0.3 * torch.randn_like(value)
    x, probe = torch.randn(2, channels, side, side), torch.randn(2, channels, side, side)
    timesteps = torch.tensor([3.0, 40.0])
    output = model(x, timesteps)
    value = (output * probe).mean()
    value.backward()

    def last(image):
        return np.ascontiguousarray(image.detach().permute(0, 2, 3, 1).numpy())

    tensors = {"input": last(x), "probe": last(probe), "output": last(output), "timesteps": timesteps.numpy()}
    tensors["value"] = value.detach().numpy()[None]
    for name, parameter in model.named_parameters():
        key, weight = named(name, parameter)
        tensors[key] = weight
        if gradients:
            tensors["gradient." + key] = named(name, parameter.grad)[1]
    save_file(tensors, path)
    print(path, sum(parameter.numel() for parameter in model.parameters()), "parameters")


if __name__ == "__main__":
    print("the notebook's network has", sum(parameter.numel() for parameter in SeedUNet().parameters()), "parameters")
    write("unet2d-seed.safetensors", 8, True, widths=(4, 8), blocks=2, groups=2, heads=2, head_width=4)
    write("unet2d-patch.safetensors", 8, False, 2, patch=2, widths=(4, 8), blocks=1, groups=2, heads=2, head_width=4)
