"""The products and convolutions of `make bench` beside PyTorch on the same machine.

    make bench ARGS='--kernels-only --json' > bench.json
    python3 Benchmarks/pytorch.py bench.json

Needs torch. Medians on one thread; layouts: PyTorch gets channels-last tensors, and channels-first ones as well, and the
better of both counts.
"""

import json
import re
import sys
import time

import torch


def median_seconds(work, seconds=0.2):
    work(), work()
    times = []
    while sum(times) < seconds or len(times) < 5:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def product(m, n, k):
    a, b = torch.randn(m, k), torch.randn(k, n)
    c = torch.empty(m, n)
    return median_seconds(lambda: torch.mm(a, b, out=c))


def convolution(batch, side, inputs, outputs, kernel, stride, direction):
    """Seconds of one direction: the forward pass, or the gradient to the input or to the weight."""
    best = float("inf")
    before, after = (kernel - stride) // 2, kernel - stride - (kernel - stride) // 2
    if before != after:
        return float("nan")  # an uneven border, which PyTorch would need another operation for
    for layout in (torch.channels_last, torch.contiguous_format):
        x = torch.randn(batch, inputs, side, side).to(memory_format=layout)
        w = torch.randn(outputs, inputs, kernel, kernel).to(memory_format=layout)
        y = torch.nn.functional.conv2d(x, w, stride=stride, padding=before)
        g = torch.randn_like(y)
        mask = {"input": [True, False, False], "weight": [False, True, False]}.get(direction)

        def backward():
            torch.ops.aten.convolution_backward(
                g, x, w, None, [stride] * 2, [before] * 2, [1, 1], False, [0, 0], 1, mask)

        def forward():
            torch.nn.functional.conv2d(x, w, stride=stride, padding=before)

        best = min(best, median_seconds(backward if mask else forward))
    return best


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    ours = json.load(open(sys.argv[1]))
    machine = ours["machine"]
    print(f"{machine['processor']}, PyTorch {torch.__version__}, one thread; GFLOP/s\n")
    print(f"{'work':58} {'Lineup':>8} {'PyTorch':>8}")
    shape = None
    for row in ours["measurements"]:
        numbers = [int(number) for number in re.findall(r"\d+", row["work"])]
        if row["group"] == "matrix product":
            seconds, name = product(*numbers), row["work"]
        elif row["group"] == "convolution":
            direction = next((d for d in ("input", "weight") if d in row["work"]), None)
            if direction is None:
                batch, side, _, inputs, outputs, kernel, stride = numbers
                shape = (batch, side, inputs, outputs, kernel, stride)
            seconds, name = convolution(*shape, direction), row["work"]
        else:
            continue
        flops = row["rate"] * row["milliseconds"] * 1e6
        print(f"{name:58} {row['rate']:8.1f} {flops / seconds / 1e9:8.1f}")


main()
