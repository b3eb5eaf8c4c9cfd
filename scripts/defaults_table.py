#!/usr/bin/env python3
"""What settings of the cache cost on tales of the test split, as a Markdown table: perplexity over
the full cache's (paired, with its interval over tales), attention KL, retained mass, bytes.

    defaults_table.py [--tales N] [--binary F] [--model DIR] [SETTING ...]

A SETTING is knobs as on the command line, in one argument: "--decay 0.98 --granularity head".
Without any, the table leads from the defaults to what is within reach, and to storing all positions
in fewer bits.
"""

import argparse
import json
import pathlib
import shlex
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADS = "--decay 0.97 --granularity head --sketch-key head-position"
PYRAMID = HEADS + " --budget pyramid"
SUMMARY = PYRAMID + " --read aggregate --aggregate clusters"
SETTINGS = ["", "--decay 0.97", HEADS, PYRAMID, SUMMARY, SUMMARY + " --kv int4",
            SUMMARY + " --kv int4 --max-cache-size 192", "--kv int4 --max-cache-size 512",
            "--policy full --kv int4"]


def measured(binary, text, setting, model):
    command = [str(binary), "eval", "--text", text, "--twin", "--json", "-", *shlex.split(setting)]
    if model:
        command += ["--model", model]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def row(setting, run):
    result, memory = run["result"], run["memory"]
    bookkeeping = memory["sketch_bytes"] + memory["statistics_bytes"] + memory["tail_bytes"]
    saved = 1 - (memory["kv_bytes"] + bookkeeping) / memory["kv_full_bytes"]
    ratio = f"{result['perplexity_ratio']:.3f}"
    if "perplexity_ratio_low" in result:
        ratio += f" ({result['perplexity_ratio_low']:.3f} to {result['perplexity_ratio_high']:.3f})"
    cells = [f"{result['perplexity']:.3f}", ratio, f"{result['attention_kl']:.3f}",
             f"{result['retained_mass']:.3f}", f"{result['logit_kl']:.4f}",
             f"{memory['kv_bytes']:,}", f"{bookkeeping:,}", f"{100 * saved:.1f} %",
             f"{result['evictions']:,}"]
    return f"| {setting or 'defaults'} | " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", nargs="*", metavar="SETTING")
    parser.add_argument("--tales", type=int, default=8)
    parser.add_argument("--binary", default=ROOT / "build/release/sketchscope")
    parser.add_argument("--model")
    arguments = parser.parse_args()
    with tempfile.NamedTemporaryFile("wb") as text:
        tales = [str(arguments.binary), "tale", "--tales", str(arguments.tales)]
        text.write(subprocess.run(tales, check=True, capture_output=True).stdout)
        text.flush()
        print("| settings | perplexity | over the full cache's | attention KL | retained mass | "
              "logit KL | KV bytes | bookkeeping bytes | saved | evictions |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        for setting in arguments.settings or SETTINGS:
            print(row(setting, measured(arguments.binary, text.name, setting, arguments.model)),
                  flush=True)


if __name__ == "__main__":
    main()
