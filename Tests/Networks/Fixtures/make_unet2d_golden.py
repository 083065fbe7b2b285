"""Writes unet2d-*.safetensors: a narrow U-Net of the annotated diffusion notebook computed by PyTorch, channels first,
written from the description of the network (see UNet2D.swift), for the tests of UNet2D.

Needs torch, numpy and safetensors; the tests do not. Run in this folder: python make_unet2d_golden.py

A file holds the weights under Lineup's names and in its layouts, and input, timesteps, probe, output and the value
mean(output * probe); the seed's also its gradient in every weight ("gradient.NAME").
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file
from torch import nn


class StandardizedConv(nn.Conv2d):
    def forward(self, x):
        w = self.weight
        m = w.mean(dim=(1, 2, 3), keepdim=True)
        v = w.var(dim=(1, 2, 3), keepdim=True, unbiased=False)
        return F.conv2d(x, (w - m) * torch.rsqrt(v + 1e-5), self.bias, padding=1)


class ConvBlock(nn.Module):
    def __init__(self, i, o, groups):
        super().__init__()
        self.convolve = StandardizedConv(i, o, 3, padding=1)
        self.normalize = nn.GroupNorm(groups, o)

    def forward(self, x, modulation=None):
        x = self.normalize(self.convolve(x))
        if modulation is not None:
            factor, offset = modulation
            x = x * (factor + 1) + offset
        return F.silu(x)


class Res(nn.Module):
    def __init__(self, i, o, time, groups):
        super().__init__()
        self.modulate = nn.Linear(time, 2 * o)
        self.first = ConvBlock(i, o, groups)
        self.second = ConvBlock(o, o, groups)
        if i != o:
            self.shortcut = nn.Conv2d(i, o, 1)
        self.same = i == o

    def forward(self, x, t):
        pair = self.modulate(F.silu(t))[:, :, None, None].chunk(2, dim=1)
        h = self.second(self.first(x, pair))
        return h + (x if self.same else self.shortcut(x))


class Projection(nn.Module):
    def __init__(self, c, heads, width):
        super().__init__()
        self.weight = nn.Parameter(nn.Conv2d(c, 3 * heads * width, 1, bias=False).weight[:, :, 0, 0].T.clone())
        self.heads, self.width = heads, width

    def forward(self, x):
        b, c, h, w = x.shape
        both = torch.einsum("bchw,cf->bfhw", x, self.weight)
        return [p.reshape(b, self.heads, self.width, h * w) for p in both.chunk(3, dim=1)]


class LinearAttention(nn.Module):
    def __init__(self, c, heads, width):
        super().__init__()
        self.project = Projection(c, heads, width)
        self.toOutput = nn.Conv2d(heads * width, c, 1)
        self.normalize = nn.GroupNorm(1, c)

    def forward(self, x):
        q, k, v = self.project(x)
        q = q.softmax(dim=-2) * self.project.width**-0.5
        k = k.softmax(dim=-1)
        context = torch.einsum("bhdn,bhen->bhde", k, v)
        mixed = torch.einsum("bhde,bhdn->bhen", context, q)
        return self.normalize(self.toOutput(mixed.reshape(x.shape[0], -1, *x.shape[2:])))


class FullAttention(nn.Module):
    def __init__(self, c, heads, width):
        super().__init__()
        self.project = Projection(c, heads, width)
        self.toOutput = nn.Conv2d(heads * width, c, 1)

    def forward(self, x):
        q, k, v = self.project(x)
        scores = torch.einsum("bhdi,bhdj->bhij", q * self.project.width**-0.5, k)
        mixed = torch.einsum("bhij,bhdj->bhdi", scores.softmax(dim=-1), v)
        return self.toOutput(mixed.reshape(x.shape[0], -1, *x.shape[2:]))


class ResidualAttention(nn.Module):
    def __init__(self, c, attend):
        super().__init__()
        self.normalize = nn.GroupNorm(1, c)
        self.attend = attend

    def forward(self, x):
        return x + self.attend(self.normalize(x))


class Time(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.width = width
        self.first = nn.Linear(width, 4 * width)
        self.second = nn.Linear(4 * width, 4 * width)

    def forward(self, t):
        half = self.width // 2
        angle = t[:, None] * torch.exp(torch.arange(half) * (-math.log(10000) / (half - 1)))[None]
        return self.second(F.gelu(self.first(torch.cat([angle.sin(), angle.cos()], dim=1))))


class Level(nn.Module):
    def __init__(self, blocks, attend, way, name):
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        self.attend = attend
        setattr(self, name, way)


class UNet(nn.Module):
    def __init__(self, patch, channels, blocks, groups, heads, width, image_channels):
        super().__init__()
        self.patch = patch
        widths = [channels[0]] + channels
        time, n = 4 * channels[0], len(channels)
        res = lambda i, o: Res(i, o, time, groups)
        linear = lambda c: ResidualAttention(c, LinearAttention(c, heads, width))
        self.embed = Time(channels[0])
        self.stem = nn.Conv2d(image_channels * patch**2, channels[0], 1)
        self.down = nn.ModuleList(
            Level(
                [res(widths[i], widths[i]) for _ in range(blocks)],
                linear(widths[i]),
                nn.Conv2d(4 * widths[i], widths[i + 1], 1)
                if i < n - 1
                else nn.Conv2d(widths[i], widths[i + 1], 3, padding=1),
                "descend",
            )
            for i in range(n)
        )
        self.middleFirst = res(widths[-1], widths[-1])
        self.middleAttend = ResidualAttention(widths[-1], FullAttention(widths[-1], heads, width))
        self.middleSecond = res(widths[-1], widths[-1])
        self.up = nn.ModuleList(
            Level(
                [res(widths[i + 1] + widths[i], widths[i + 1]) for _ in range(blocks)],
                linear(widths[i + 1]),
                nn.Conv2d(widths[i + 1], widths[i], 3, padding=1),
                "ascend",
            )
            for i in reversed(range(n))
        )
        self.last = res(2 * channels[0], channels[0])
        self.head = nn.Conv2d(channels[0], image_channels * patch**2, 1)

    def forward(self, x, t):
        t = self.embed(t)
        x = self.stem(F.pixel_unshuffle(x, self.patch))
        start, skips = x, []
        for index, level in enumerate(self.down):
            for place, block in enumerate(level.blocks):
                x = block(x, t)
                if place == len(level.blocks) - 1:
                    x = level.attend(x)
                skips.append(x)
            x = level.descend(F.pixel_unshuffle(x, 2) if index < len(self.down) - 1 else x)
        x = self.middleSecond(self.middleAttend(self.middleFirst(x, t)), t)
        for index, level in enumerate(self.up):
            for block in level.blocks:
                x = block(torch.cat([x, skips.pop()], dim=1), t)
            x = level.attend(x)
            x = level.ascend(F.interpolate(x, scale_factor=2) if index < len(self.up) - 1 else x)
        x = self.head(self.last(torch.cat([x, start], dim=1), t))
        return F.pixel_shuffle(x, self.patch)


def named(name, value, patch):
    """A weight (or its gradient) under Lineup's name and in its layout."""
    renamed = name.replace("normalize.weight", "normalize.scale").replace("normalize.bias", "normalize.offset")
    if value.ndim == 4:
        # A 1x1 convolution over unshuffled pixels is one over the pixels, with stride; the channel comes first.
        side = patch if name.startswith("stem") else 2 if "descend" in name and value.shape[-1] == 1 else 1
        if side > 1:
            o, i = value.shape[:2]
            value = value.reshape(o, i // side**2, side, side)
        value = value.permute(2, 3, 1, 0)
    elif value.ndim == 2 and "project" not in name:
        value = value.T
    return renamed, np.ascontiguousarray(value.detach().numpy())


def write(path, side, image_channels, gradients, **configuration):
    torch.manual_seed(7)
    model = UNet(image_channels=image_channels, **configuration)
    with torch.no_grad():  # Norms that are not the identity, so that a mix-up of scale and offset shows.
        for name, value in model.named_parameters():
            if "normalize" in name:
                value += 0.3 * torch.randn_like(value)
    x, probe = torch.randn(2, image_channels, side, side), torch.randn(2, image_channels, side, side)
    t = torch.tensor([3.0, 40.0])
    output = model(x, t)
    value = (output * probe).mean()
    value.backward()
    last = lambda image: np.ascontiguousarray(image.detach().permute(0, 2, 3, 1).numpy())
    tensors = {"input": last(x), "probe": last(probe), "output": last(output), "timesteps": t.numpy()}
    tensors["value"] = value.detach().numpy()[None]
    for name, parameter in model.named_parameters():
        key, weight = named(name, parameter, model.patch)
        tensors[key] = weight
        if gradients:
            tensors["gradient." + key] = named(name, parameter.grad, model.patch)[1]
    save_file(tensors, path)
    print(path, sum(p.numel() for p in model.parameters()), "parameters")


if __name__ == "__main__":
    full = UNet(1, [28, 56, 112], 2, 4, 4, 32, 1)
    print("the notebook's network has", sum(p.numel() for p in full.parameters()), "parameters")
    write("unet2d-seed.safetensors", 8, 1, True, patch=1, channels=[4, 8], blocks=2, groups=2, heads=2, width=4)
    write("unet2d-patch.safetensors", 8, 2, False, patch=2, channels=[4, 8], blocks=1, groups=2, heads=2, width=4)
