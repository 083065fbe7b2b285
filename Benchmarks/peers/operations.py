"""Single operations in PyTorch: the rows of a table of shapes, as `lineup-bench` measures them.

    operations.py SHAPES.json --threads 1 --seconds 0.2

Prints the rows with `seconds` by direction. Each row is measured in both layouts and the better one counts, direction by
direction. Backward passes of layers contain their forward pass, as one cannot run without the other.
"""

import argparse
import json
import time

import torch
from torch.nn import functional as F

from seed_unet import FullAttention, LinearAttention

LAYOUTS = (torch.channels_last, torch.contiguous_format)


def median_seconds(work, seconds):
    work(), work()
    times = []
    while sum(times) < seconds or len(times) < 5:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def product(row):
    m, n, k = row["m"], row["n"], row["k"]
    a, b, c = torch.randn(m, k), torch.randn(k, n), torch.empty(m, n)
    return {"forward": lambda: torch.mm(a, b, out=c)}


def convolution(row, layout):
    """The three directions, without bias; borders as in Lineup: as much as keeps the size, or divides it.

    A stride of 2 leaves the last of two borders of 3x3 unread, so that one before, as Lineup has it, is the same work.
    """
    kernel, stride = row["kernel"], row["stride"]
    border = (kernel - stride + 1) // 2
    x = torch.randn(row["batch"], row["inputs"], row["side"], row["side"]).to(memory_format=layout)
    w = torch.randn(row["outputs"], row["inputs"], kernel, kernel).to(memory_format=layout)
    g = torch.randn_like(F.conv2d(x, w, stride=stride, padding=border))

    def backward(*mask):
        return torch.ops.aten.convolution_backward(
            g, x, w, None, [stride] * 2, [border] * 2, [1, 1], False, [0, 0], 1, [*mask, False])

    return {"forward": lambda: F.conv2d(x, w, stride=stride, padding=border),
            "input gradient": lambda: backward(True, False), "weight gradient": lambda: backward(False, True)}


def both_ways(layer, x):
    """Calling a layer, and calling and differentiating it in its input and weights."""
    x.requires_grad_(True)
    sources = [x, *layer.parameters()]
    weights = torch.randn_like(layer(x))

    def call():
        with torch.no_grad():
            layer(x)

    return {"forward": call, "forward and backward": lambda: torch.autograd.grad(layer(x), sources, weights)}


class NormAndSiLU(torch.nn.GroupNorm):
    def forward(self, x):
        return F.silu(super().forward(x))


def layer(row, layout):
    channels = row["channels"]
    x = torch.randn(row["batch"], channels, row["side"], row["side"]).to(memory_format=layout)
    if row["kind"] == "group norm and SiLU":
        made = NormAndSiLU(row["groups"], channels)
    else:
        kind = LinearAttention if row["kind"] == "linear attention" else FullAttention
        made = kind(channels, row["heads"], row["head_width"])
    return both_ways(made.to(memory_format=layout), x)


def adam(row):
    parameter = torch.nn.Parameter(torch.randn(row["count"]))
    parameter.grad = torch.randn(row["count"])
    return {"forward": torch.optim.Adam([parameter], fused=True).step}


def measured(row, seconds):
    if row["kind"] in ("product", "adam"):
        choices = [product(row) if row["kind"] == "product" else adam(row)]
    else:
        make = convolution if row["kind"] == "convolution" else layer
        choices = [make(row, layout) for layout in LAYOUTS]
    return {name: min(median_seconds(choice[name], seconds) for choice in choices) for name in choices[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with open(options.shapes) as file:
        rows = json.load(file)
    print(json.dumps([row | {"seconds": measured(row, options.seconds)} for row in rows]))


main()
