#!/usr/bin/env python3
"""What it costs that all heads of a layer keep the same positions, in equal bytes, as a Markdown
table: tables by layer beside tables by head and heads that share the layer's slots out (Ada-KV).

    union_table.py [--model M] [--text F] [--full] [--out DIR] [--binary F]

It runs `sweep --grid assets/grids/union.json`, or goes on with what DIR has, and sets perplexities
over the full cache's, and those by head over that of the layer's table, paired by chunk with their
95 % intervals (docs/cache.md, "Perplexity").
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
KINDS = ("layer", "head", "shared")
HEADER = ["policy", "bytes", "slots", "layer", "head / layer", "shared / layer", "shared / head"]


def ratio(pairs, run, other):
    """Perplexity over another on the same chunks, with its interval."""
    pair = pairs[run["name"], other["name"]]
    value, low, high = (pair[f"perplexity_ratio{end}"] for end in ("", "_low", "_high"))
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def pairs_in(folder, binary, references):
    """The ratios of all configurations to each of `references`, by the names of both."""
    command = [str(binary), "report", str(folder), "--json", "-", "--against",
               ";".join(run["name"] for run in references)]
    made = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["pairs"]
    return {(pair["configuration"], pair["against"]): pair for pair in made}


def results_in(folder):
    for file in sorted((folder / "results").glob("*.json")):
        yield json.loads(file.read_text())


def kind_of(config):
    if config["granularity"] == "layer":
        return "layer"
    return "shared" if config["budget"] == "heads" else "head"


def rows(folder, binary):
    """The cells of the table's rows, by the bytes of the window that a configuration is equal to."""
    results = list(results_in(folder))
    windows = {run["memory"]["total_bytes"]: run for run in results
               if run["config"]["policy"] == "window"}
    full = next(run for run in results if run["config"]["policy"] == "full")
    references = [run for run in results if run is full or kind_of(run["config"]) in ("layer", "head")]
    pairs = pairs_in(folder, binary, references)
    by_place = {}
    for run in results:
        config = run["config"]
        if config["policy"] in ("window", "full"):
            continue
        budget = min(size for size in windows if size >= run["memory"]["total_bytes"])
        by_place.setdefault((budget, config["policy"]), {})[kind_of(config)] = run
    for budget in sorted(windows):
        window = windows[budget]
        yield ["`window`", f"{budget:,}", str(window["config"]["max_cache_size"]),
               ratio(pairs, window, full), "", "", ""]
        for (size, policy), runs in sorted(by_place.items()):
            if size != budget:
                continue
            layer, head, shared = (runs[kind] for kind in KINDS)
            slots = ", ".join(str(runs[kind]["config"]["max_cache_size"]) for kind in KINDS)
            yield [f"`{policy}`", f"{budget:,}", slots, ratio(pairs, layer, full),
                   ratio(pairs, head, layer), ratio(pairs, shared, layer), ratio(pairs, shared, head)]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model")
    parser.add_argument("--text")
    parser.add_argument("--full", action="store_true", help="the grid's longer text")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--binary", default=ROOT / "build/release/sketchscope")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = arguments.out or pathlib.Path(folder) / "union"
        command = [str(arguments.binary), "sweep", "--grid", str(ROOT / "assets/grids/union.json"),
                   "--out", str(out), "--resume", "--full" if arguments.full else "--quick"]
        for flag in ("model", "text"):
            if getattr(arguments, flag):
                command += [f"--{flag}", getattr(arguments, flag)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print("| " + " | ".join(HEADER) + " |\n" + "|---" * len(HEADER) + "|")
        for row in rows(out, arguments.binary):
            print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
