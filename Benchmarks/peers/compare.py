"""How far dumps are apart, as JSON: ours and PyTorch's from each other, and both from PyTorch's in double precision.

    compare.py OURS THEIRS DOUBLE

Errors of a tensor are the norm of the difference over the norm of the reference. Some gradients are zero but for rounding
(a key's bias, which softmax cancels); a norm is therefore never taken below a thousandth of the largest gradient's.
Losses are compared one by one, relative to the reference.
"""

import json
import sys

import numpy
from safetensors.numpy import load_file


def distance(found, wanted, floor=0.0):
    norm = max(numpy.linalg.norm(wanted), floor, 1e-30)
    return float(numpy.linalg.norm(found - wanted) / norm)


def compare(found, wanted):
    problems = [f"{name} is missing" for name in wanted if name not in found]
    problems += [f"{name} is not among PyTorch's" for name in found if name not in wanted]
    shared = [name for name in wanted if name in found]
    for name in shared:
        if found[name].shape != wanted[name].shape:
            problems.append(f"{name} is {found[name].shape}, not {wanted[name].shape}")
    shared = [name for name in shared if found[name].shape == wanted[name].shape]
    gradients = [name for name in shared if name.startswith("grad.")]
    floor = 1e-3 * max((numpy.linalg.norm(wanted[name]) for name in gradients), default=0)
    errors = {name: distance(found[name], wanted[name], floor) for name in gradients}
    # A NaN counts as the worst.
    worst = max(errors, key=lambda name: (errors[name] != errors[name], errors[name]), default=None)
    losses = [numpy.max(numpy.abs(found[name] - wanted[name]) / numpy.abs(wanted[name]))
              for name in shared if name.endswith("loss")]
    return {"output": distance(found["output"], wanted["output"]) if "output" in shared else None,
            "gradient": errors[worst] if worst else None, "worst_gradient": worst and worst.removeprefix("grad."),
            "gradients": len(gradients), "loss": float(numpy.max(losses)) if losses else None, "problems": problems}


def main():
    ours, theirs, double = ({name: value.astype(numpy.float64) for name, value in load_file(path).items()}
                            for path in sys.argv[1:4])
    print(json.dumps({"ours": compare(ours, theirs), "ours to double": compare(ours, double),
                      "theirs to double": compare(theirs, double)}))


main()
