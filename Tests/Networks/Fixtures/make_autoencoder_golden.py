"""Writes the golden files of the autoencoder: a tiny random network made with diffusers, in half precision and under that
library's names, with an input, its code, its reconstruction, a loss and the gradient of every parameter.

    python make_autoencoder_golden.py    (needs torch, diffusers, safetensors; writes beside itself)
"""

import pathlib

import torch
from diffusers import AutoencoderKL
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def last(images):
    """[batch, channels, height, width] as [batch, height, width, channels]."""
    return images.detach().permute(0, 2, 3, 1).contiguous()


generator = torch.Generator().manual_seed(5)
network = AutoencoderKL(
    in_channels=2, out_channels=2, block_out_channels=[4, 8, 8], layers_per_block=1, latent_channels=3,
    norm_num_groups=2, down_block_types=["DownEncoderBlock2D"] * 3, up_block_types=["UpDecoderBlock2D"] * 3)
for name, parameter in network.named_parameters():
    noise = torch.randn(parameter.shape, generator=generator)
    value = noise * (parameter[0].numel() ** -0.5 if parameter.ndim > 1 else 0.1)
    parameter.data = (value + 1 if "norm" in name and name.endswith("weight") else value).half().float()

images = torch.randn((2, 2, 12, 8), generator=generator)
noise = torch.randn((2, 3, 3, 2), generator=generator)
posterior = network.encode(images).latent_dist
output = network.decode(posterior.mean + torch.exp(0.5 * posterior.logvar) * noise).sample
loss = (torch.abs(output - images).sum() + 0.3 * posterior.kl().sum()) / 2
loss.backward()

save_file(
    {name: value.half().contiguous() for name, value in network.state_dict().items()},
    HERE / "autoencoder.safetensors")
save_file(
    {"images": last(images), "noise": last(noise), "mean": last(posterior.mean), "logVariance": last(posterior.logvar),
     "output": last(output), "loss": loss.detach().reshape(1)}
    | {"gradient." + name: parameter.grad.contiguous() for name, parameter in network.named_parameters()},
    HERE / "autoencoder-golden.safetensors")
