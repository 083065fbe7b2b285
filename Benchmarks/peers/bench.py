"""Lineup beside PyTorch on the same work: `make bench`.

    bench.py --lineup PROGRAM --kernels PROGRAM [--quick] [--only NAME …] [--parts check networks kernels growth]

Run it by the Python that has torch. What is measured stands in benchmark.json. First both sides must agree: then they
take turns, each measurement in a process of its own, and the table goes into README.md and results.json.
"""

import argparse
import datetime
import json
import os
import statistics
import sys
import tempfile
import time

import report
from check import check
from growth import points
from sides import BENCHMARKS, HERE, Failed, Lineup, PyTorch, run, variants

PARTS = ("check", "networks", "kernels", "growth")
BEGIN = time.monotonic()


def say(text):
    print(f"[{(time.monotonic() - BEGIN) / 60:5.1f} min] {text}", flush=True)


def in_turns(lineup, peers, work, network, batch, threads, steps, rounds):
    """Measurements by side, each round in turns; a side that fails once is left out, with its reason."""
    sides = [lineup, *peers]
    found, failed = {side.name: [] for side in sides}, {}
    for turn in range(rounds):
        # Every other round goes the other way, so that drifts of the machine hit both sides alike.
        for side in sides if turn % 2 == 0 else reversed(sides):
            if side.name in failed:
                continue
            try:
                found[side.name].append(side.measure(work, network, threads, steps, "--batch", str(batch)))
            except Failed as failure:
                failed[side.name] = str(failure)
                say(f"  {side.name}: {failure}")
    return {"measured": {name: reports for name, reports in found.items() if reports}, "failed": failed}


def compiled_if_worthwhile(python, network, threads, limit, eager):
    """The compiled variant where it works within the time limit and is no more than a tenth slower than the best one."""
    layout = min(eager, key=lambda name: statistics.median(r["median_seconds"] for r in eager[name])).replace("-", "_")
    side = PyTorch(python, layout, compiled=True)
    try:
        first = side.measure("step", network, threads, 3, "--batch", str(network["batch"]), limit=limit)
    except Failed as failure:
        say(f"  torch.compile: {str(failure).splitlines()[0]}")
        return None, str(failure)
    seconds = first["median_seconds"]
    best = min(r["median_seconds"] for reports in eager.values() for r in reports)
    say(f"  torch.compile: {seconds:.3f} s a step after {first['first_seconds']:.0f} s of compiling")
    return (side if seconds < 1.1 * best else None), f"{seconds:.3f} s"


def networks(options, plan, chosen, rows, save):
    """Training steps and sampling of every network on every number of threads, each row saved as soon as it is there."""
    for network in chosen:
        extra, note = [], None
        for threads in options.threads:
            say(f"{network['name']}: training step, batch {network['batch']}, {threads} thread(s)")
            peers = variants(options.python) + extra
            row = in_turns(options.lineup, peers, "step", network, network["batch"], threads, plan["steps"], plan["rounds"])
            eager = {name: reports for name, reports in row["measured"].items() if name != "lineup"}
            if options.compile and note is None and eager:
                side, note = compiled_if_worthwhile(
                    options.python, network, threads, plan["compile_limit_seconds"], eager)
                if side:
                    extra = [side]
                    more = in_turns(options.lineup, extra, "step", network, network["batch"], threads, plan["steps"],
                                    plan["rounds"])
                    row["measured"][side.name] = more["measured"].get(side.name, [])
            rows.append({"work": "step", "network": network, "batch": network["batch"], "threads": threads,
                         "target": network["target"], "compiled": note, **row})
            say("  " + report.in_short(rows[-1]))
            save()
        if options.quick:
            continue
        batch = network.get("sampling_batch", plan["sampling"]["batch"])
        for threads in options.threads:
            say(f"{network['name']}: sampling, batch {batch}, {threads} thread(s)")
            row = in_turns(options.lineup, variants(options.python), "sample", network, batch, threads, 2,
                           plan["rounds"])
            rows.append({"work": "sample", "network": network, "batch": batch, "threads": threads,
                         "target": plan["sampling"]["target"], **row})
            say("  " + report.in_short(rows[-1]))
            save()


def kernels(options, plan, folder):
    """Rows of the table of shapes with the best seconds of both sides, by threads."""
    settings, rounds = plan["kernels"], 1 if options.quick else plan["kernels"]["rounds"]
    table = os.path.join(BENCHMARKS, settings["table"])
    seconds = str(plan["quick"]["kernel_seconds"] if options.quick else settings["seconds"])
    if options.quick:
        with open(table) as file:
            rows = json.load(file)
        table = os.path.join(folder, "kernels.json")
        with open(table, "w") as file:
            json.dump(rows[::plan["quick"]["every_kernel"]], file)
    found = {}
    for threads in options.threads:
        say(f"single operations, {threads} thread(s)")
        common = [table, "--threads", str(threads), "--seconds", seconds]
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(run([options.kernels, "--shapes", *common, "--json"])["rows"])
            theirs.append(run([options.python, os.path.join(HERE, "operations.py"), *common]))
        found[threads] = [
            {"shape": {key: value for key, value in rows[0].items() if key != "seconds"},
             "seconds": {name: [min(row["seconds"][name] for row in rows[:rounds]),
                                min(row["seconds"][name] for row in rows[rounds:])] for name in rows[0]["seconds"]}}
            for rows in zip(*ours, *theirs)]
    return found


def growth(options, plan, folder):
    settings, rows = plan["growth"], []
    for quantity, value, network in points(settings, folder, BENCHMARKS):
        say(f"growth: {quantity} {value}")
        row = in_turns(options.lineup, variants(options.python), "step", network, network["batch"],
                       settings["threads"], 4, settings["rounds"])
        rows.append({"quantity": quantity, "value": value, **row})
    return rows


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lineup", required=True, help="the lineup program")
    parser.add_argument("--kernels", required=True, help="the lineup-bench program")
    parser.add_argument("--quick", action="store_true", help="small batches, one round, two threads: about five minutes")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these networks of benchmark.json")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--threads", nargs="+", type=int, help="default: 1 and 2, or with --quick 2")
    parser.add_argument("--rounds", type=int, help="instead of benchmark.json's")
    parser.add_argument("--no-compile", dest="compile", action="store_false", help="leave torch.compile out")
    parser.add_argument("--out", metavar="DIR", help="write README.md's tables and results.json there also for a part")
    options = parser.parse_args()
    options.python = sys.executable
    options.lineup = Lineup(options.lineup)
    options.threads = options.threads or ([2] if options.quick else [1, 2])
    options.compile = options.compile and not options.quick
    options.whole = not options.quick and options.only is None and set(options.parts) == set(PARTS)
    return options


def settings(options):
    """The plan, and the networks that were asked for, smaller ones in quick mode."""
    with open(os.path.join(BENCHMARKS, "benchmark.json")) as file:
        plan = json.load(file)
    names = options.only or (plan["quick"]["networks"] if options.quick else None)
    known = [network["name"] for network in plan["networks"]]
    unknown = set(names or []) - set(known)
    if unknown:
        raise SystemExit(f"benchmark.json has no network {', '.join(sorted(unknown))}; it has {', '.join(known)}")
    if options.rounds:
        plan["rounds"] = options.rounds
        plan["kernels"]["rounds"] = min(options.rounds, plan["kernels"]["rounds"])
        plan["growth"]["rounds"] = min(options.rounds, plan["growth"]["rounds"])
    chosen = [dict(network) for network in plan["networks"] if names is None or network["name"] in names]
    if options.quick:
        plan |= {"rounds": plan["quick"]["rounds"], "steps": plan["quick"]["steps"]}
        plan["check"]["losses"] = plan["quick"]["losses"]
        for network in chosen:
            network["batch"] = max(1, network["batch"] // plan["quick"]["batch_divisor"])
    return plan, chosen


def main():
    options = arguments()
    plan, chosen = settings(options)
    say("about five minutes" if options.quick else "about an hour and a half; leave the machine alone meanwhile"
        if options.whole else "part of the whole")
    results = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes"),
               "quick": options.quick, "machine": report.machine(), "plan": plan}
    target = options.out or (BENCHMARKS if options.whole else None)

    def save():
        if target:
            report.write(results, report.page(results), target)

    with tempfile.TemporaryDirectory() as folder:
        if "check" in options.parts:
            results["check"] = []
            for network in chosen:
                works = ["step"] if options.quick else ["step", "sample"]
                row = check(options.lineup, options.python, network, plan["check"], folder, 1, works)
                results["check"].append(row)
                say(f"{network['name']}: " + ("agrees" if not row["problems"] else "; ".join(row["problems"])))
            print("\n" + report.agreement(results["check"]), flush=True)
            if any(row["problems"] for row in results["check"]):
                raise SystemExit("The two sides do not compute the same, so their times are not measured. See above.")
        if "networks" in options.parts:
            results["networks"] = []
            networks(options, plan, chosen, results["networks"], save)
        if "kernels" in options.parts:
            results["kernels"] = kernels(options, plan, folder)
            save()
        if "growth" in options.parts and not options.quick:
            results["growth"] = growth(options, plan, folder)
    save()
    print("\n" + report.page(results))
    say(f"written: README.md and results.json in {target}" if target
        else "Only part of the work was measured: README.md and results.json stay as they are.")


main()
