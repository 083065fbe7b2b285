"""The U-Net of the annotated diffusion notebook, as `Sources/Networks/NotebookUNet` builds it.

Attributes are named after Lineup's walk in snake case, so the names of both sides' weights agree by themselves. The two
places where Lineup's convolution stands for two layers of the notebook (pixel-unshuffle and 1×1, shuffle and 1×1) do so
here too: it is less work for both.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F


class WeightStandardizedConvolution(nn.Conv2d):
    """A 3×3 convolution whose weights have mean 0 and variance 1 for each output channel (Qiao et al. 2019)."""

    def forward(self, x):
        weight = self.weight
        mean = weight.mean((1, 2, 3), keepdim=True)
        variance = weight.var((1, 2, 3), keepdim=True, unbiased=False)
        return F.conv2d(x, (weight - mean) * (variance + 1e-5).rsqrt(), self.bias, padding=1)


class ConvolutionBlock(nn.Module):
    def __init__(self, inputs, outputs, groups):
        super().__init__()
        self.convolve = WeightStandardizedConvolution(inputs, outputs, 3)
        self.normalize = nn.GroupNorm(groups, outputs)

    def forward(self, x, modulation=None):
        x = self.normalize(self.convolve(x))
        if modulation is not None:
            factor, offset = modulation
            x = x * (factor + 1) + offset
        return F.silu(x)


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, embedding, groups):
        super().__init__()
        self.modulate = nn.Linear(embedding, 2 * outputs)
        self.first = ConvolutionBlock(inputs, outputs, groups)
        self.second = ConvolutionBlock(outputs, outputs, groups)
        self.shortcut = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, embedding):
        modulation = self.modulate(embedding)[:, :, None, None].chunk(2, dim=1)
        return self.shortcut(x) + self.second(self.first(x, modulation))


class Projection(nn.Module):
    """Queries, keys and values of every pixel from one product without bias; each `[batch, heads, width, pixels]`."""

    def __init__(self, channels, heads, head_width):
        super().__init__()
        self.weight = nn.Parameter(nn.Linear(channels, 3 * heads * head_width, bias=False).weight.detach().clone())
        self.heads = heads

    def forward(self, x):
        parts = F.conv2d(x, self.weight[:, :, None, None]).chunk(3, dim=1)
        return [part.reshape(x.shape[0], self.heads, -1, x.shape[2] * x.shape[3]) for part in parts]


class LinearAttention(nn.Module):
    """Attention whose cost grows with the number of pixels, not its square (Shen et al. 2021)."""

    def __init__(self, channels, heads, head_width):
        super().__init__()
        self.project = Projection(channels, heads, head_width)
        self.to_output = nn.Conv2d(heads * head_width, channels, 1)
        self.normalize = nn.GroupNorm(1, channels)
        self.scale = head_width**-0.5

    def forward(self, x):
        queries, keys, values = self.project(x)
        context = keys.softmax(dim=-1) @ values.transpose(-1, -2)
        mixed = context.transpose(-1, -2) @ (queries.softmax(dim=-2) * self.scale)
        return self.normalize(self.to_output(mixed.reshape(x.shape[0], -1, *x.shape[2:])))


class FullAttention(nn.Module):
    """Softmax attention over all pairs of pixels, in PyTorch's fused form."""

    def __init__(self, channels, heads, head_width):
        super().__init__()
        self.project = Projection(channels, heads, head_width)
        self.to_output = nn.Conv2d(heads * head_width, channels, 1)

    def forward(self, x):
        queries, keys, values = (part.transpose(-1, -2) for part in self.project(x))
        mixed = F.scaled_dot_product_attention(queries, keys, values).transpose(-1, -2)
        return self.to_output(mixed.reshape(x.shape[0], -1, *x.shape[2:]))


class ResidualAttention(nn.Module):
    def __init__(self, channels, attend):
        super().__init__()
        self.normalize = nn.GroupNorm(1, channels)
        self.attend = attend

    def forward(self, x):
        return x + self.attend(self.normalize(x))


class TimeEmbedding(nn.Module):
    """Sines, then cosines, through a small perceptron."""

    def __init__(self, width):
        super().__init__()
        self.half = width // 2
        self.first = nn.Linear(width, 4 * width)
        self.second = nn.Linear(4 * width, 4 * width)

    def forward(self, timesteps):
        kind = self.first.weight.dtype
        frequencies = torch.exp(torch.arange(self.half, dtype=kind) * (-math.log(10000) / (self.half - 1)))
        angles = timesteps.to(kind)[:, None] * frequencies
        return self.second(F.gelu(self.first(torch.cat([angles.sin(), angles.cos()], dim=1))))


class Descent(nn.Module):
    def __init__(self, inputs, outputs, innermost, shape):
        super().__init__()
        blocks, embedding, groups, heads, head_width = shape
        self.blocks = nn.ModuleList(ResidualBlock(inputs, inputs, embedding, groups) for _ in range(blocks))
        self.attend = ResidualAttention(inputs, LinearAttention(inputs, heads, head_width))
        self.descend = nn.Conv2d(inputs, outputs, 3, padding=1) if innermost else nn.Conv2d(inputs, outputs, 2, 2)

    def forward(self, x, embedding, skips):
        for block in self.blocks[:-1]:
            x = block(x, embedding)
            skips.append(x)
        x = self.attend(self.blocks[-1](x, embedding))
        skips.append(x)
        return self.descend(x)


class Ascent(nn.Module):
    def __init__(self, inputs, outputs, outermost, shape):
        super().__init__()
        blocks, embedding, groups, heads, head_width = shape
        self.blocks = nn.ModuleList(ResidualBlock(inputs + outputs, inputs, embedding, groups) for _ in range(blocks))
        self.attend = ResidualAttention(inputs, LinearAttention(inputs, heads, head_width))
        self.ascend = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.enlarges = not outermost

    def forward(self, x, embedding, skips):
        for block in self.blocks:
            x = block(torch.cat([x, skips.pop()], dim=1), embedding)
        x = self.attend(x)
        return self.ascend(F.interpolate(x, scale_factor=2, mode="nearest") if self.enlarges else x)


class SeedUNet(nn.Module):
    """2,020,257 parameters at one channel and the notebook's widths; on pixels or on square patches of them."""

    def __init__(self, channels=1, widths=(28, 56, 112), blocks=2, groups=4, heads=4, head_width=32, patch=1):
        super().__init__()
        self.patch = patch
        outer, inner = widths[0], widths[-1]
        widths = [outer, *widths]
        levels = range(len(widths) - 1)
        shape = (blocks, 4 * outer, groups, heads, head_width)
        self.embed = TimeEmbedding(outer)
        self.stem = nn.Conv2d(channels, outer, patch, patch)
        self.down = nn.ModuleList(Descent(widths[i], widths[i + 1], i == levels[-1], shape) for i in levels)
        self.middle_first = ResidualBlock(inner, inner, 4 * outer, groups)
        self.middle_attend = ResidualAttention(inner, FullAttention(inner, heads, head_width))
        self.middle_second = ResidualBlock(inner, inner, 4 * outer, groups)
        self.up = nn.ModuleList(Ascent(widths[i + 1], widths[i], i == 0, shape) for i in reversed(levels))
        self.last = ResidualBlock(2 * outer, outer, 4 * outer, groups)
        self.head = nn.Conv2d(outer, channels * patch**2, 1)

    def forward(self, x, timesteps):
        embedding = F.silu(self.embed(timesteps))
        start = x = self.stem(x)
        skips = []
        for level in self.down:
            x = level(x, embedding, skips)
        x = self.middle_first(x, embedding)
        x = self.middle_second(self.middle_attend(x), embedding)
        for level in self.up:
            x = level(x, embedding, skips)
        x = self.head(self.last(torch.cat([x, start], dim=1), embedding))
        return F.pixel_shuffle(x, self.patch)
