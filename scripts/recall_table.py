#!/usr/bin/env python3
"""Recall of the embedded model by cache policy and distance, as the Markdown table of the README.

    recall_table.py [--items N] [--binary F] [--model DIR]
"""

import argparse
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHES = [("full", 1024), ("window", 64), ("window", 128), ("heavy-hitter", 128), ("sketch", 128),
          ("tova", 128), ("age-normalized", 128), ("window", 256), ("heavy-hitter", 256),
          ("sketch", 256), ("tova", 256), ("age-normalized", 256)]


def recall(binary, items, policy, capacity, model):
    command = [str(binary), "recall", "--items", str(items), "--policy", policy,
               "--max-cache-size", str(capacity), "--audit", "off", "--json", "-"]
    if model:
        command += ["--model", model]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["result"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--binary", default=ROOT / "build/release/sketchscope")
    parser.add_argument("--model")
    arguments = parser.parse_args()
    print("| cache | told 0 to 100 tokens back | 100 to 400 | 400 to 900 | changed facts |")
    print("|---|---|---|---|---|")
    for policy, capacity in CACHES:
        result = recall(arguments.binary, arguments.items, policy, capacity, arguments.model)
        cells = [f"{each['right']} of {each['asked']}"
                 for each in result["by_distance"] + [result["changed_facts"]]]
        name = f"`{policy}`" if policy == "full" else f"`{policy}`, {capacity}"
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
