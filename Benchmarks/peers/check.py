"""Do both sides compute the same? From the same weights and inputs: output, gradients of the first step, all losses, and
the images of a sampling."""

import os

from sides import HERE, Failed, PyTorch, run

# What is compared, in the order of the table's columns.
WORK = {"step": ("output", "gradient", "loss"), "sample": ("sample",)}


def distances(lineup, python, network, work, batch, losses, folder, threads):
    """Errors of Lineup against PyTorch and, as a yardstick, of PyTorch's single precision against its double."""
    weights, inputs, ours, theirs, double = (
        os.path.join(folder, name + ".safetensors") for name in ("weights", "inputs", "ours", "theirs", "double"))
    steps = losses if work == "step" else 1
    peer = PyTorch(python).measure(
        work, network, threads, steps, "--batch", str(batch), "--new-weights", weights, "--new-inputs", inputs,
        "--dump", theirs, "--double-dump", double)
    own = lineup.measure(work, network, threads, steps, "--weights", weights, "--inputs", inputs, "--dump", ours)
    found = run([python, os.path.join(HERE, "compare.py"), ours, theirs, double])
    if work == "sample":
        for errors in found.values():
            errors["sample"] = errors.pop("output")
    return found | {"gflop": [own["gflop"], peer["gflop"]]}


def check(lineup, python, network, plan, folder, threads, works):
    """One row of the table of agreement, with the problems that were found."""
    batch = plan["batch_of"].get(network["name"], plan["batch"])
    row = {"name": network["name"], "batch": batch, "problems": []}
    for work in works:
        try:
            row[work] = distances(lineup, python, network, work, batch, plan["losses"], folder, threads)
        except Failed as failure:
            row["problems"].append(f"{work}: {failure}")
            continue
        errors = row[work]["ours"]
        row["problems"] += errors["problems"][:5]
        for name in WORK[work]:
            limit = plan["tolerance"][name]
            if name in ("loss", "gradient"):
                # A rounding may switch a rectifier, and Adam turns roundings of tiny gradients into whole steps. Where that
                # parts single from double precision within PyTorch, it may part the two sides as well, and a few times as
                # far: the growth is chaotic.
                limit = max(limit, 5 * row[work]["theirs to double"][name])
            if errors[name] is None:
                row["problems"].append(f"{name}: not found in both dumps")
            elif not errors[name] <= limit:  # so written, a NaN is above it
                where = f" ({errors['worst_gradient']})" if name == "gradient" else ""
                row["problems"].append(f"{name}: error {errors[name]:.3g}{where}, at most {limit:g} allowed")
    return row
