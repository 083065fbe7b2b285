"""Writes optimizers.json: parameters after steps of PyTorch's optimizers along given gradients.

Needs torch alone. Run it in this folder: python make_optimizer_golden.py
"""

import json
import math

import torch

SHAPES = {"weight": (4, 5), "bias": (3,)}
STEPS = 12
KEPT = (1, 2, 12)
CASES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1.0),
    "sgd, momentum": lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p),
    "adam, other betas": lambda p: torch.optim.Adam(p, betas=(0.5, 0.9), eps=1e-4),
    "adamw": lambda p: torch.optim.AdamW(p, weight_decay=0.3),
    "sgd, clipped": lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.9),
    "adam, clipped": lambda p: torch.optim.Adam(p),
}
CLIP_NORM = 2.0


def numbers(shape, formula):
    count = math.prod(shape)
    return torch.tensor([formula(i) for i in range(count)], dtype=torch.float32).reshape(shape)


# The test has the same three formulas.
def initial(shape):
    return numbers(shape, lambda i: math.cos(0.3 * i))


def gradient(shape, step):
    return numbers(shape, lambda i: 10.0 ** (i % 4 - 2) * math.sin(0.7 * i + 1.3 * step + 0.2))


def rate(step):
    return 0.05 / (1 + step)


golden = {}
for name, make in CASES.items():
    parameters = [torch.nn.Parameter(initial(shape)) for shape in SHAPES.values()]
    optimizer = make(parameters)
    states = {}
    for step in range(STEPS):
        for parameter, shape in zip(parameters, SHAPES.values()):
            parameter.grad = gradient(shape, step)
        if "clipped" in name:
            torch.nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        optimizer.step()
        if step + 1 in KEPT:
            states[step + 1] = [round(x, 8) for p in parameters for x in p.detach().flatten().tolist()]
    golden[name] = states

with open("optimizers.json", "w") as file:
    rows = [
        f'  {json.dumps(name)}: {{\n'
        + ",\n".join(f'    "{step}": {json.dumps(values)}' for step, values in states.items())
        + "\n  }"
        for name, states in golden.items()
    ]
    file.write("{\n" + ",\n".join(rows) + "\n}\n")
