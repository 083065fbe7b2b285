"""Draws from torch's generator, which the tests hold Lineup's against.

    python make_torch_draws.py OUT.json

Needs torch.
"""

import json
import pathlib
import sys

import torch


def draws():
    """Numbers of torch's generator, of counts that its blocks of 16 treat differently."""
    made = []
    for seed in [0, 42, 1234, 2**32 - 1, 2**32 + 5, 2**53 + 12345, 2**63 + 7]:
        generator = torch.Generator().manual_seed(seed if seed < 2**63 else seed - 2**64)
        for shape in [[3], [16], [5], [1, 4, 8, 8], [17], [2], [31], [1]]:
            values = torch.randn(shape, generator=generator).flatten()
            made.append({"seed": seed, "shape": shape, "head": [float(v) for v in values[:4]],
                         "tail": [float(v) for v in values[-4:]], "sum": float(values.double().sum()),
                         "squares": float((values.double() ** 2).sum())})
    return made


def main():
    lines = ",\n".join(json.dumps(d, separators=(",", ":")) for d in draws())
    pathlib.Path(sys.argv[1]).write_text(f"[\n{lines}]\n")


if __name__ == "__main__":
    main()
