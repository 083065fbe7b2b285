"""Lineup beside PyTorch on the same work: `make bench`.

    bench.py --lineup PROGRAM --kernels PROGRAM [--quick] [--only NAME …] [--parts PART …] [--out DIR] [--add]

Run it by the Python that has torch. What is measured stands in benchmark.json. First both sides must agree: then they
take turns, each measurement in a process of its own, and the table goes into README.md and results.json.
"""

import argparse
import datetime
import json
import math
import os
import sys
import tempfile
import time

import report
from check import check
from growth import points
from sides import BENCHMARKS, HERE, Failed, Lineup, PyTorch, run, variants

PARTS = ("check", "compile", "networks", "kernels", "growth")
BEGIN = time.monotonic()


def say(text):
    print(f"[{(time.monotonic() - BEGIN) / 60:5.1f} min] {text}", flush=True)


def place(rows, row, *keys):
    """Puts a row where one with the same keys is, or at the end."""
    index = next((i for i, old in enumerate(rows) if all(old[key] == row[key] for key in keys)), len(rows))
    rows[index:index + 1] = [row]


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


def compiling(options, plan, chosen, rows, save):
    """Whether torch.compile works within a time limit, in the layout that is faster without it, and what it gains."""
    threads = options.threads[-1]
    for network in chosen:
        say(f"{network['name']}: torch.compile, {threads} thread(s)")
        size = ("--batch", str(network["batch"]))
        eager = {side.name: side.measure("step", network, threads, 3, *size)["median_seconds"]
                 for side in variants(options.python)}
        layout = min(eager, key=eager.get)
        row = {"name": network["name"], "threads": threads, "layout": layout, "eager": eager[layout]}
        try:
            found = PyTorch(options.python, layout.replace("-", "_"), compiled=True).measure(
                "step", network, threads, 3, *size, limit=plan["compile_limit_seconds"])
            row |= {"seconds": found["median_seconds"], "compiling": found["first_seconds"]}
        except Failed as failure:
            row["failure"] = str(failure)
        place(rows, row, "name")
        say("  " + report.compiled_in_short(row))
        save()


def compiled_if_worthwhile(python, network, rows):
    """The compiled variant of a network where it was no more than a tenth slower than the best one without it."""
    return [PyTorch(python, row["layout"].replace("-", "_"), compiled=True) for row in rows
            if row["name"] == network["name"] and row.get("seconds", math.inf) < 1.1 * row["eager"]]


def networks(options, plan, chosen, results, save):
    """Training steps and sampling of every network on every number of threads, each row saved as soon as it is there."""
    rows = results.setdefault("networks", [])
    for network in chosen:
        peers = variants(options.python) + compiled_if_worthwhile(options.python, network, results.get("compile", []))
        for threads in options.threads if "step" in options.works else []:
            say(f"{network['name']}: training step, batch {network['batch']}, {threads} thread(s)")
            row = in_turns(options.lineup, peers, "step", network, network["batch"], threads, plan["steps"], plan["rounds"])
            row |= {"work": "step", "network": network, "batch": network["batch"], "threads": threads,
                    "target": network["target"]}
            place(rows, row, "work", "network", "threads")
            say("  " + report.in_short(row))
            save()
        if options.quick or "sample" not in options.works:
            continue
        batch = network.get("sampling_batch", plan["sampling"]["batch"])
        # Twenty calls of a network are their own warming up; a single one is repeated.
        for threads in options.threads:
            say(f"{network['name']}: sampling, batch {batch}, {threads} thread(s)")
            row = in_turns(options.lineup, variants(options.python), "sample", network, batch, threads,
                           network.get("sampling_repetitions", 1), plan["rounds"])
            row |= {"work": "sample", "network": network, "batch": batch, "threads": threads,
                    "target": plan["sampling"]["target"]}
            place(rows, row, "work", "network", "threads")
            say("  " + report.in_short(row))
            save()


def kernels(options, plan, folder, found):
    """Rows of the table of shapes with the best seconds of both sides, by threads, into `found`."""
    settings, rounds = plan["kernels"], 1 if options.quick else plan["kernels"]["rounds"]
    table = os.path.join(BENCHMARKS, settings["table"])
    seconds = str(plan["quick"]["kernel_seconds"] if options.quick else settings["seconds"])
    if options.quick:
        with open(table) as file:
            rows = json.load(file)
        table = os.path.join(folder, "kernels.json")
        with open(table, "w") as file:
            json.dump(rows[::plan["quick"]["every_kernel"]], file)
    for threads in options.threads:
        say(f"single operations, {threads} thread(s)")
        common = [table, "--threads", str(threads), "--seconds", seconds]
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(run([options.kernels, "--shapes", *common, "--json"])["rows"])
            theirs.append(run([options.python, os.path.join(HERE, "operations.py"), *common]))
        found[str(threads)] = [
            {"shape": {key: value for key, value in rows[0].items() if key != "seconds"},
             "seconds": {name: [min(row["seconds"][name] for row in rows[:rounds]),
                                min(row["seconds"][name] for row in rows[rounds:])] for name in rows[0]["seconds"]}}
            for rows in zip(*ours, *theirs)]


def growth(options, plan, folder, rows, save):
    settings = plan["growth"]
    for quantity, value, network in points(settings, folder, BENCHMARKS):
        if options.only and quantity not in options.only:
            continue
        say(f"growth: {quantity} {value}")
        row = in_turns(options.lineup, variants(options.python), "step", network, network["batch"],
                       settings["threads"], 3, settings["rounds"])
        row |= {"quantity": quantity, "value": value}
        place(rows, row, "quantity", "value")
        say("  " + report.in_short(row))
        save()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lineup", required=True, help="the lineup program")
    parser.add_argument("--kernels", required=True, help="the lineup-bench program")
    parser.add_argument("--quick", action="store_true", help="small batches, one round, two threads: about five minutes")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these networks or growing quantities of benchmark.json")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--threads", nargs="+", type=int, help="default: 1 and 2, or with --quick 2")
    parser.add_argument("--rounds", type=int, help="instead of benchmark.json's")
    parser.add_argument("--works", nargs="+", choices=["step", "sample"], default=["step", "sample"])
    parser.add_argument("--out", metavar="DIR", help="write README.md's tables and results.json there also for a part")
    parser.add_argument("--add", action="store_true", help="keep the rows of results.json there that are not measured anew")
    options = parser.parse_args()
    options.python = sys.executable
    options.lineup = Lineup(options.lineup)
    options.threads = options.threads or ([2] if options.quick else [1, 2])
    options.whole = not options.quick and options.only is None and set(options.parts) == set(PARTS)
    return options


def settings(options):
    """The plan, and the networks that were asked for, smaller ones in quick mode."""
    with open(os.path.join(BENCHMARKS, "benchmark.json")) as file:
        plan = json.load(file)
    names = options.only or (plan["quick"]["networks"] if options.quick else None)
    known = [network["name"] for network in plan["networks"]]
    unknown = set(names or []) - set(known) - set(plan["growth"]["vary"])
    if unknown:
        raise SystemExit(f"benchmark.json has no {', '.join(sorted(unknown))}; it has {', '.join(known)}")
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


def earlier(folder, now):
    """The results of earlier runs on the same machine, to add to."""
    with open(os.path.join(folder, "results.json")) as file:
        results = json.load(file)
    if results["machine"] != now["machine"]:
        raise SystemExit(f"{folder}/results.json is of another machine or compiler: {results['machine']}")
    return results | {"date": now["date"], "plan": now["plan"]}


def main():
    options = arguments()
    plan, chosen = settings(options)
    say("about five minutes" if options.quick else "about an hour and a half; leave the machine alone meanwhile"
        if options.whole else "part of the whole")
    results = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes"),
               "quick": options.quick, "machine": report.machine(), "plan": plan}
    target = options.out or (BENCHMARKS if options.whole else None)
    if options.add:
        results = earlier(target or BENCHMARKS, results)

    def save():
        if target:
            report.write(results, report.page(results), target)

    with tempfile.TemporaryDirectory() as folder:
        if "check" in options.parts:
            checked = results.setdefault("check", [])
            for network in chosen:
                works = ["step"] if options.quick else ["step", "sample"]
                row = check(options.lineup, options.python, network, plan["check"], folder, 1, works)
                place(checked, row, "name")
                say(f"{network['name']}: " + ("agrees" if not row["problems"] else "; ".join(row["problems"])))
                save()
            print("\n" + report.agreement(checked), flush=True)
            if any(row["problems"] for row in checked):
                raise SystemExit("The two sides do not compute the same, so their times are not measured. See above.")
        if "compile" in options.parts and not options.quick:
            compiling(options, plan, chosen, results.setdefault("compile", []), save)
        if "networks" in options.parts:
            networks(options, plan, chosen, results, save)
        if "kernels" in options.parts:
            kernels(options, plan, folder, results.setdefault("kernels", {}))
            save()
        if "growth" in options.parts and not options.quick:
            growth(options, plan, folder, results.setdefault("growth", []), save)
    save()
    print("\n" + report.page(results))
    say(f"written: README.md and results.json in {target}" if target
        else "Only part of the work was measured: README.md and results.json stay as they are.")


main()
