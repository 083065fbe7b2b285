"""Tables of what was measured, in Markdown."""

import json
import os
import platform
import statistics
import subprocess

from growth import exponent

MARKERS = ("<!-- what `make bench` measured: begin -->", "<!-- what `make bench` measured: end -->")


def table(head, rows):
    aligned = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, aligned, *rows]) + "\n"


def machine():
    """Facts about the processor and the system."""
    with open("/proc/cpuinfo") as file:
        lines = [line.split(":", 1) for line in file if ":" in line]
    facts = {key.strip(): value.strip() for key, value in reversed(lines)}
    flags = facts.get("flags", facts.get("Features", "")).split()
    sets = [name for name in ("sse2", "avx2", "fma", "avx512f", "avx512_bf16", "amx_tile") if name in flags]
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.splitlines()
    return {"processor": facts.get("model name", platform.processor()), "cores": os.cpu_count(),
            "family": f"family {facts.get('cpu family')}, model {facts.get('model')}", "instructions": sets,
            "system": f"{platform.system()} {platform.release().split('-')[0]}", "python": platform.python_version(),
            "swift": next((line for line in swift if "version" in line), "unknown")}


def median(reports, key="median_seconds"):
    return statistics.median(one[key] for one in reports)


def best_peer(row):
    """The name of PyTorch's fastest variant; None where none could be measured."""
    peers = {name: reports for name, reports in row["measured"].items() if name != "lineup" and reports}
    return min(peers, key=lambda name: median(peers[name]), default=None)


def ratio_of_minima(row):
    """The fastest step of PyTorch, of all rounds and variants, over the fastest of Lineup: what noise disturbs least."""
    theirs = min(one["minimum_seconds"] for name, reports in row["measured"].items() if name != "lineup"
                 for one in reports)
    return theirs / min(one["minimum_seconds"] for one in row["measured"]["lineup"])


def ratio(row):
    """PyTorch's time over Lineup's: the median over rounds. None where a side is missing."""
    peer = best_peer(row)
    if peer is None or "lineup" not in row["measured"]:
        return None
    pairs = zip(row["measured"][peer], row["measured"]["lineup"])
    return statistics.median(theirs["median_seconds"] / ours["median_seconds"] for theirs, ours in pairs)


def in_short(row):
    if ratio(row) is None:
        return "not measured: " + "; ".join(row["failed"])
    peer = best_peer(row)
    ours, theirs = median(row["measured"]["lineup"]), median(row["measured"][peer])
    return f"{ours:.4f} s against {theirs:.4f} s ({peer}): {ratio(row):.2f}×, of minima {ratio_of_minima(row):.2f}×"


def agreement(rows):
    """What both sides differ by; in brackets PyTorch's own distance from double precision."""

    def cell(row, work, name):
        if work not in row:
            return "–"
        ours, yardstick = row[work]["ours"][name], row[work]["theirs to double"][name]
        return "–" if ours is None else f"{ours:.1e} ({yardstick:.1e})"

    columns = (("step", "output"), ("step", "gradient"), ("step", "loss"), ("sample", "sample"))
    return table(
        ["network", "batch", "output", "worst gradient of the first step", "worst loss", "images after sampling", "verdict"],
        [[row["name"], row["batch"], *(cell(row, *column) for column in columns),
          "differs" if row["problems"] else "agrees"] for row in rows])


def peak(rows, key):
    """The best that either side reached of something that every process measures, by threads."""
    best = {}
    for row in rows:
        for reports in row["measured"].values():
            for one in reports:
                best[row["threads"]] = max(best.get(row["threads"], 0), one.get(key, 0))
    return best


def network_rows(rows, work, products, copies):
    """Rows of a table of networks; `products` and `copies` are the machine's best, by threads."""
    lines = []
    for row in rows:
        if row["work"] != work:
            continue
        start = [row["network"]["name"], row["batch"], row["threads"]]
        factor, target = ratio(row), row["target"]
        if factor is None:
            lines.append(start + ["not measured"] + ["–"] * (len(HEAD) - 4))
            continue
        peer = best_peer(row)
        ours, theirs = row["measured"]["lineup"], row["measured"][peer]
        rate, traffic = ours[0]["gflop"] / median(ours), ours[0]["gbyte"] / median(ours)
        # Peaks of memory: the least that PyTorch needs in any layout.
        memory = [max(one["peak_rss_bytes"] for one in ours) / 2**20,
                  min(max(one["peak_rss_bytes"] for one in reports) for name, reports in row["measured"].items()
                      if name != "lineup") / 2**20]
        lines.append(start + [
            f"{median(ours):.4f}", f"{median(theirs):.4f} ({peer})", f"**{factor:.2f}**", f"{ratio_of_minima(row):.2f}",
            f"{target:g}", "yes" if min(factor, ratio_of_minima(row)) >= target else "no", f"{rate:.0f}",
            f"{100 * rate / products[row['threads']]:.0f} %", f"{traffic:.1f}",
            f"{100 * traffic / copies[row['threads']]:.0f} %", f"{memory[0]:.0f}", f"{memory[1]:.0f}"])
    return lines


HEAD = ["network", "batch", "threads", "Lineup s", "PyTorch s", "ratio", "of minima", "target", "met", "GFLOP/s",
        "of SGEMM", "GB/s", "of copies", "Lineup MiB", "PyTorch MiB"]


def compiled_in_short(row):
    if "failure" in row:
        return row["failure"].splitlines()[-1]
    return f"{row['seconds']:.4f} s against {row['eager']:.4f} s, after {row['compiling']:.0f} s of compiling"


def compiled_table(rows):
    return table(["network", "threads", "layout", "a step compiled, against the same without"],
                 [[row["name"], row["threads"], row["layout"], compiled_in_short(row)] for row in rows])


def shape_name(shape):
    kind = shape["kind"]
    if kind == "product":
        return f"product {shape['m']}×{shape['n']}, inner {shape['k']}"
    if kind == "adam":
        return f"Adam, {shape['count']:,} parameters"
    start = f"{shape['batch']}×{shape['side']}×{shape['side']}"
    if kind == "convolution":
        size, stride = shape["kernel"], shape["stride"]
        return f"convolution {size}×{size}{f' stride {stride}' if stride > 1 else ''}, {start}, " \
            f"{shape['inputs']} → {shape['outputs']}"
    return f"{kind}, {start}×{shape['channels']}"


def flops(shape):
    """Of one direction of a product or convolution, by the direct algorithm; None for others."""
    if shape["kind"] == "product":
        return 2 * shape["m"] * shape["n"] * shape["k"]
    if shape["kind"] == "convolution":
        pixels = shape["batch"] * (shape["side"] // shape["stride"]) ** 2
        return 2 * pixels * shape["inputs"] * shape["outputs"] * shape["kernel"] ** 2
    return None


def kernel_table(found):
    threads = sorted(found, key=int)
    head = ["operation", "direction"]
    for count in threads:
        head += [f"Lineup ms, {count} thr.", "PyTorch ms", "ratio", "GFLOP/s"]
    lines = []
    for rows in zip(*(found[count] for count in threads)):
        shape = rows[0]["shape"]
        for direction in rows[0]["seconds"]:
            cells = []
            for row in rows:
                ours, theirs = row["seconds"][direction]
                speed = f"{flops(shape) / ours / 1e9:.0f}" if flops(shape) else "–"
                cells += [f"{ours * 1e3:.3f}", f"{theirs * 1e3:.3f}", f"**{theirs / ours:.2f}**", speed]
            lines.append([shape_name(shape), direction, *cells])
    return table(head, lines)


def growth_table(rows):
    lines, series = [], {}
    for row in rows:
        factor, peer = ratio(row), best_peer(row)
        if factor is None:
            lines.append([row["quantity"], row["value"], "–", "–", "–"])
            continue
        costs = [median(row["measured"]["lineup"]), median(row["measured"][peer])]
        series.setdefault(row["quantity"], []).append((row["value"], *costs))
        lines.append([row["quantity"], row["value"], *(f"{cost:.4f}" for cost in costs), f"**{factor:.2f}**"])
    fits = [[quantity, *(f"{exponent([(value[0], value[side]) for value in values]):.2f}" for side in (1, 2))]
            for quantity, values in series.items() if len(values) > 1]
    return (table(["varied", "value", "Lineup s", "PyTorch s", "ratio"], lines)
            + "\nFitted exponents, cost ∝ quantity^p over the values above:\n\n"
            + table(["varied", "p of Lineup", "p of PyTorch"], fits))


def page(results):
    """The generated part of README.md."""
    facts = results["machine"]
    torch = next((one["torch"] for row in results.get("networks", []) for reports in row["measured"].values()
                  for one in reports if "torch" in one), None)
    parts = [f"{facts['processor']} ({facts['family']}), {facts['cores']} cores, {', '.join(facts['instructions'])}; "
             f"{facts['system']}; {facts['swift']}" + (f"; PyTorch {torch}" if torch else "")
             + f"; {results['date']}.\n"]
    # Rows stand as benchmark.json has them, however they were measured.
    order = [network["name"] for network in results["plan"]["networks"]]
    if "check" in results:
        parts += ["#### Agreement\n", agreement(sorted(results["check"], key=lambda row: order.index(row["name"])))]
    if "networks" in results:
        rows = sorted(results["networks"], key=lambda row: (order.index(row["network"]["name"]), row["threads"]))
        products, copies = (peak(rows, key) for key in ("sgemm_gflops", "copy_gbytes"))
        parts += ["#### One training step\n",
                  "In the same run, large matrix products and copies: "
                  + "; ".join(f"{speed:.0f} GFLOP/s and {copies[count]:.0f} GB/s on {count} thread(s)"
                              for count, speed in sorted(products.items()))
                  + ".\n",
                  table(HEAD, network_rows(rows, "step", products, copies))]
        sampling = network_rows(rows, "sample", products, copies)
        if sampling:
            parts += ["#### Sampling\n", table(HEAD, sampling)]
    if "compile" in results:
        parts += ["#### `torch.compile`\n", compiled_table(results["compile"])]
    if "kernels" in results:
        parts += ["#### Single operations\n", kernel_table(results["kernels"])]
    if "growth" in results:
        parts += ["#### How the cost of a training step grows\n", growth_table(results["growth"])]
    return "\n".join(parts)


def write(results, text, folder):
    """The page between the markers of README.md, and the numbers as results.json."""
    with open(os.path.join(folder, "results.json"), "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    path = os.path.join(folder, "README.md")
    with open(path) as file:
        whole = file.read()
    begin, end = (whole.find(marker) for marker in MARKERS)
    if begin < 0 or end < begin:
        raise SystemExit(f"{path} lacks the markers {MARKERS[0]} and {MARKERS[1]}; the numbers are in results.json")
    with open(path, "w") as file:
        file.write(whole[:begin] + MARKERS[0] + "\n\n" + text + "\n" + whole[end:])
