"""`lineup bench`, but in PyTorch: repeats the training step or the sampling of one network, on the same files.

    peer.py step --model seed-unet --threads 2 --json
    peer.py sample --config ../configurations/unet2d.json --weights W.safetensors --inputs I.safetensors --dump D.safetensors

Options and JSON keys are those of `lineup bench`; layout and compilation are PyTorch's own. --new-weights and --new-inputs
write what it begins from. --double-dump does the same work in double precision afterwards, as a yardstick for both sides.
"""

import argparse
import contextlib
import json
import statistics
import time

import torch
from safetensors.torch import load_file, save_file
from torch.utils.flop_counter import FlopCounterMode

import models


def peak_bytes():
    """The most memory that this process held, by the kernel's count."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def matrix_speed(seconds=0.5):
    """Thousand million operations a second of large matrix products, at their best."""
    best = 0
    for n in (1024, 2048):
        a, c = torch.randn(n, n), torch.empty(n, n)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.perf_counter()
            torch.mm(a, a, out=c)
            best = max(best, 2 * n**3 / (time.perf_counter() - start) / 1e9)
    return best


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=["step", "sample"])
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--model", choices=["seed-unet", "dcgan", "vae"])
    subject.add_argument("--config", help="a config.json of diffusers")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=5, help="repetitions; the first one is not timed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", choices=["contiguous", "channels_last"], default="contiguous")
    parser.add_argument("--compile", action="store_true", help="through torch.compile")
    for name in ("weights", "inputs", "dump", "double-dump", "new-weights", "new-inputs"):
        parser.add_argument("--" + name, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Repeated:
    """The work of some repetitions: the seconds of each, and for dumps the first one's details and all losses."""

    def __init__(self, work, kind, steps, dumped=None, counter=None):
        details = {} if dumped else None
        losses, self.seconds = {}, []
        for index in range(steps):
            start = time.perf_counter()
            with counter if counter and index == 0 else contextlib.nullcontext():
                found = self.once(work, kind, details if index == 0 else None)
            self.seconds.append(time.perf_counter() - start)
            for name, value in found.items():
                losses.setdefault(name, []).append(value)
        self.peak = peak_bytes()
        if dumped:
            details |= {name: torch.tensor(values, dtype=torch.float64) for name, values in losses.items()}
            save_file({name: value.contiguous() for name, value in details.items()}, dumped)

    @staticmethod
    def once(work, kind, details):
        if kind == "step":
            return work.step(details)
        output = work.sample()
        if details is not None:
            details["output"] = output
        return {}


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    weights = load_file(options.weights) if options.weights else None
    inputs = load_file(options.inputs) if options.inputs else None
    batch = len(inputs["sample"]) if inputs else options.batch
    work = models.workload(options.work, batch, options.model, options.config, options.seed, weights, inputs,
                           options.layout, options.compile)
    if options.new_weights or options.double_dump:
        weights = models.weights(work.module)
    if options.new_weights:
        save_file(weights, options.new_weights)
    if options.new_inputs:
        save_file({name: value.contiguous() for name, value in work.inputs.items()}, options.new_inputs)

    counter = FlopCounterMode(display=False) if options.dump and not options.compile else None
    done = Repeated(work, options.work, options.steps, options.dump, counter)
    if options.double_dump:
        double = models.workload(options.work, batch, options.model, options.config, options.seed, weights, work.inputs,
                                 dtype=torch.float64)
        Repeated(double, options.work, options.steps, options.double_dump)
    timed = done.seconds[1:] or done.seconds
    report = {
        "model": options.model or work.name, "batch": batch, "threads": options.threads,
        "median_seconds": statistics.median(timed), "minimum_seconds": min(timed),
        "gflop": counter.get_total_flops() / 1e9 if counter else None, "peak_rss_bytes": done.peak,
        "sgemm_gflops": matrix_speed(), "first_seconds": done.seconds[0], "layout": options.layout,
        "compiled": options.compile, "torch": torch.__version__}
    print(json.dumps(report, indent=2) if options.json else "  ".join(f"{key} {value}" for key, value in report.items()))


main()
