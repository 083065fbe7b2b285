"""The two sides as processes: each measurement is one process that prints a JSON object."""

import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
BENCHMARKS = os.path.dirname(HERE)


class Failed(Exception):
    """A process that ended badly, with the last of what it said."""


def run(command, limit=None):
    """What a command prints, read as JSON; None where it prints nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failed(f"took longer than {limit} s")
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-12:]
        raise Failed(f"`{' '.join(command)}` ended with code {done.returncode}:\n" + "\n".join(last))
    return json.loads(done.stdout) if done.stdout.strip() else None


def subject(network):
    if "model" in network:
        return ["--model", network["model"]]
    return ["--config", os.path.join(BENCHMARKS, network["config"])]


class Lineup:
    """`lineup bench`."""

    name = "lineup"

    def __init__(self, program):
        self.program = program

    def measure(self, work, network, threads, steps, *options):
        return run([self.program, "bench", work, *subject(network), "--threads", str(threads), "--steps", str(steps),
                    *options, "--json"])


class PyTorch:
    """`peer.py` in one of its variants: a memory layout, and whether torch.compile is used."""

    def __init__(self, python, layout="contiguous", compiled=False):
        self.python = python
        self.options = ["--layout", layout] + (["--compile"] if compiled else [])
        self.name = layout.replace("_", "-") + (", compiled" if compiled else "")

    def measure(self, work, network, threads, steps, *options, limit=None):
        return run([self.python, os.path.join(HERE, "peer.py"), work, *subject(network), "--threads", str(threads),
                    "--steps", str(steps), *options, *self.options, "--json"], limit)


def variants(python):
    return [PyTorch(python, "contiguous"), PyTorch(python, "channels_last")]
