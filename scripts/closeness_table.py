#!/usr/bin/env python3
"""How the words of the run bar (close, drifting, broken) follow from next-token KL, as a Markdown table.

    closeness_table.py [--binary F] [--model DIR]

Texts are drawn from the embedded model under the policy `window`, twelve capacities and three seeds,
and cut into windows of 32 tokens. What a window is worth is the full cache's perplexity of it: a text that
the full cache drew itself has about 1.9.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CAPACITIES = [5, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
WINDOW = 32
LIMITS = [0, 0.02, 0.1, 0.35, 0.7, 1, 2.5, math.inf]


def drawn_steps(arguments, capacity, seed):
    recent = 32 if capacity > 40 else max(1, capacity // 4)
    with tempfile.NamedTemporaryFile() as records:
        command = [str(arguments.binary), "generate", "--prompt-file",
                   str(ROOT / "assets/prompts/tale.txt"), "--max-new-tokens", "160", "--ignore-eos",
                   "--twin", "--audit", "off", "--temperature", "0.7", "--seed", str(seed),
                   "--policy", "window", "--max-cache-size", str(capacity),
                   "--recent-window", str(recent), "--record", records.name]
        if arguments.model:
            command += ["--model", arguments.model]
        subprocess.run(command, check=True, capture_output=True)
        steps = [json.loads(line) for line in records]
    return [step for step in steps if not step.get("prompt_tokens")]


def window_of(steps):
    surprise = [-math.log(max(step["twin_token_probability"], 1e-12)) for step in steps]
    tokens = [token for step in steps for token in step["tokens"]]
    return {"kl": statistics.fmean(step["logit_kl"] for step in steps),
            "agreed": statistics.fmean(step["top1_agrees"] for step in steps),
            "full": math.exp(statistics.fmean(surprise)),
            "distinct": len(set(tokens)) / len(tokens)}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=ROOT / "build/release/sketchscope")
    parser.add_argument("--model")
    arguments = parser.parse_args()
    windows = []
    for capacity in CAPACITIES:
        for seed in (1, 2, 3):
            steps = drawn_steps(arguments, capacity, seed)
            windows += [window_of(steps[first:first + WINDOW])
                        for first in range(WINDOW, len(steps) - WINDOW + 1, WINDOW)]
    print("| next-token KL, nats | windows | full cache's perplexity: median, worst tenth | "
          "same likeliest token: median, worst tenth | distinct tokens, median |")
    print("|---|---|---|---|---|")
    for low, high in zip(LIMITS, LIMITS[1:]):
        inside = [window for window in windows if low <= window["kl"] < high]
        if not inside:
            continue
        column = {key: sorted(window[key] for window in inside) for key in inside[0]}
        tenth = len(inside) // 10
        share = f"{low:g} to {high:g}" if math.isfinite(high) else f"{low:g} and more"
        print(f"| {share} | {len(inside)} | {statistics.median(column['full']):,.1f}, "
              f"{column['full'][-1 - tenth]:,.1f} | {100 * statistics.median(column['agreed']):.0f} %, "
              f"{100 * column['agreed'][tenth]:.0f} % | "
              f"{100 * statistics.median(column['distinct']):.0f} % |", flush=True)


if __name__ == "__main__":
    main()
