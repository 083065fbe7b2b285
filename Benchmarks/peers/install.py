"""Makes the virtual environment of the peers once, and prints the path of its Python.

    install.py ENVIRONMENT

Torch comes as the build without GPU support (about 200 MB instead of some GB) from wherever that can be had: a folder of
wheels that pip is told of (PIP_FIND_LINKS), or PyTorch's own index if it answers; otherwise the package index's build is
taken. All messages go to the standard error.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
REQUIREMENTS = os.path.join(HERE, "requirements.txt")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def say(text):
    print(text, file=sys.stderr, flush=True)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=8):
            return True
    except (urllib.error.URLError, OSError):
        return False


def size(url):
    """The bytes behind a URL, 0 if that cannot be learned."""
    parts = urllib.parse.urlparse(url)
    try:
        if parts.scheme == "file":
            return os.path.getsize(urllib.parse.unquote(parts.path))
        request = urllib.request.Request(url, method="HEAD")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.headers.get("Content-Length", 0))
    except (urllib.error.URLError, OSError, ValueError):
        return 0


def install(python):
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    index = ["--extra-index-url", CPU_INDEX] if answers(CPU_INDEX + "/torch/") else []
    with tempfile.TemporaryDirectory() as folder:
        plan = os.path.join(folder, "plan.json")
        choose = ["install", "--quiet", "--dry-run", "--report", plan, *index, "-r", REQUIREMENTS]
        say("Choosing the peers' packages (a few seconds)")
        if subprocess.run(pip + choose, stdout=sys.stderr).returncode != 0:
            raise SystemExit(
                "The peers cannot be installed: pip found no torch, diffusers, safetensors and numpy (its words are above).\n"
                "Give a Python that has them (make bench PYTHON=/path/to/python), or a folder with the wheels "
                "(PIP_FIND_LINKS=/path).")
        with open(plan) as file:
            packages = json.load(file)["install"]
    total = sum(size(package["download_info"]["url"]) for package in packages)
    torch = next(package["metadata"]["version"] for package in packages if package["metadata"]["name"] == "torch")
    say(f"Installing torch {torch} and {len(packages) - 1} other packages: {total / 1e6:.0f} MB to fetch")
    if subprocess.run(pip + ["install", "--quiet", *index, "-r", REQUIREMENTS], stdout=sys.stderr).returncode != 0:
        raise SystemExit("The installation of the peers failed; pip's words are above. `make bench` tries again.")


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: install.py ENVIRONMENT")
    environment = os.path.abspath(sys.argv[1])
    python = os.path.join(environment, "bin", "python")
    done = os.path.join(environment, "installed.txt")
    wanted = open(REQUIREMENTS).read()
    if not (os.path.exists(done) and open(done).read() == wanted):
        if not os.path.exists(python):
            say(f"Making a virtual environment in {os.path.relpath(environment)}")
            try:
                venv.create(environment, with_pip=True)
            except subprocess.CalledProcessError:
                raise SystemExit("Python's venv module is incomplete here; on Debian: apt-get install python3-venv")
        install(python)
        with open(done, "w") as file:
            file.write(wanted)
    print(python)


main()
