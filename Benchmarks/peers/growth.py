"""How the cost of a training step grows: the same network at other batch sizes, resolutions and widths."""

import json
import math
import os


def points(plan, folder, benchmarks):
    """One network for each value of each varied quantity, as (quantity, value, network)."""
    with open(os.path.join(benchmarks, plan["config"])) as file:
        base = json.load(file) | plan["changes"]
    for quantity, values in plan["vary"].items():
        for value in values:
            settings, batch = dict(base), plan["batch"]
            if quantity == "batch":
                batch = value
            elif quantity == "resolution":
                settings["sample_size"] = value
            else:
                outer = base["block_out_channels"][0]
                settings["block_out_channels"] = [value * width // outer for width in base["block_out_channels"]]
            path = os.path.join(folder, f"{quantity}-{value}.json")
            with open(path, "w") as file:
                json.dump(settings, file)
            yield quantity, value, {"name": f"{quantity} {value}", "config": path, "batch": batch}


def exponent(pairs):
    """The slope of log cost over log quantity, by least squares."""
    logs = [(math.log(quantity), math.log(cost)) for quantity, cost in pairs]
    mean_x, mean_y = (sum(column) / len(logs) for column in zip(*logs))
    return (sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs))
