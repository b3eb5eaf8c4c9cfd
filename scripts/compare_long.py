#!/usr/bin/env python3
"""Steps and prompts of a GGUF model at long contexts beside llama.cpp, as a table in Markdown.

    compare_long.py MODEL.gguf [--contexts 128,1024,4096] [--rounds N] [--threads N] [--binary PATH]

In every round llama.cpp and SketchScope run a prompt of each length, then single steps behind it, one
program after the other, so that both meet the same load of the machine. Both keep keys and values in
f16 and weights as they are stored. The table shows medians over the rounds and the median of the
rounds' own ratios. A row with a capacity is SketchScope's step behind a prompt of the longest context
of which 512 positions were kept, beside one behind 600 tokens of which all were.

Needs `pip install gguf==0.19.0 llama-cpp-python==0.3.36` in an environment of its own, the last built
for this processor (it is by default); the build, the program and its tests never do.
"""

import argparse
import ctypes
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import llama_cpp

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEPS = 8
CAPACITY = 512
SHORT = 600
GOAL = 0.7


@llama_cpp.llama_log_callback
def silent(level, text, user_data):
    del level, text, user_data


class LlamaCpp:
    def __init__(self, path, longest, threads):
        options = llama_cpp.llama_model_default_params()
        options.n_gpu_layers = 0
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), options)
        if not self.model:
            sys.exit(f"compare_long: llama.cpp cannot read {path}")
        options = llama_cpp.llama_context_default_params()
        options.n_ctx = longest + 64
        options.n_batch = options.n_ubatch = 512
        options.n_threads = options.n_threads_batch = threads
        self.context = llama_cpp.llama_init_from_model(self.model, options)

    def feed(self, first, tokens):
        """Milliseconds of one pass over tokens at positions from `first`, with the last logits."""
        batch = llama_cpp.llama_batch_init(tokens, 0, 1)
        for token in range(tokens):
            batch.token[token] = 1
            batch.pos[token] = first + token
            batch.n_seq_id[token] = 1
            batch.seq_id[token][0] = 0
            batch.logits[token] = token + 1 == tokens
        batch.n_tokens = tokens
        start = time.perf_counter()
        if llama_cpp.llama_decode(self.context, batch) != 0:
            sys.exit("compare_long: llama.cpp refused a pass")
        llama_cpp.llama_synchronize(self.context)
        elapsed = 1000 * (time.perf_counter() - start)
        llama_cpp.llama_batch_free(batch)
        return elapsed

    def measure(self, length):
        """Milliseconds of a prompt, in passes of 512 tokens, and of a step behind it."""
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)
        prompt = sum(self.feed(first, min(512, length - first)) for first in range(0, length, 512))
        steps = [self.feed(length + step, 1) for step in range(STEPS)]
        return prompt, statistics.median(steps)


def sketchscope(args, what, context, *more):
    command = [args.binary, "bench", what, "--model", str(args.model), "--dtype", "stored",
               "--kv", "f16", "--context", str(context), "--threads", str(args.threads),
               "--audit", "off", "--json", "-", *more]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"compare_long: {result.stderr}")
    return json.loads(result.stdout)


def step_ms(args, context, *knobs):
    rows = sketchscope(args, "decode", context, "--lanes", "1", "--rounds", str(STEPS), *knobs)
    return rows["rows"][0]["median_ms"], rows["machine"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--contexts", type=lambda text: [int(n) for n in text.split(",")],
                        default=[128, 1024, 4096])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--binary", default=str(ROOT / "build" / "release" / "sketchscope"))
    args = parser.parse_args()

    llama_cpp.llama_log_set(silent, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    llama = LlamaCpp(args.model, max(args.contexts), args.threads)
    times = {}

    def add(key, value):
        times.setdefault(key, []).append(value)

    machine = {}
    for number in range(args.rounds):
        for context in args.contexts:
            prompt, step = llama.measure(context)
            add((context, "prompt", "llama"), prompt)
            add((context, "step", "llama"), step)
            step, machine = step_ms(args, context, "--policy", "full")
            add((context, "step", "ours"), step)
            rows = sketchscope(args, "prefill", context, "--rounds", "1")["rows"]
            add((context, "prompt", "ours"), rows[0]["median_ms"])
        capped = ["--policy", "sketch", "--max-cache-size", str(CAPACITY)]
        add("capped", step_ms(args, max(args.contexts), *capped)[0])
        add("short", step_ms(args, SHORT, "--policy", "full")[0])
        print(f"compare_long: round {number + 1} of {args.rounds}", file=sys.stderr)

    print(f"{machine['cpu']}, {args.threads} threads, {args.rounds} rounds, "
          f"load average {os.getloadavg()[0]:.1f}\n")
    print("| context | what | llama.cpp, ms | SketchScope, ms | × llama.cpp | goal |")
    print("|---|---|---|---|---|---|")
    for context in args.contexts:
        for what in ("step", "prompt"):
            ours, theirs = times[context, what, "ours"], times[context, what, "llama"]
            ratio = statistics.median(a / b for a, b in zip(ours, theirs))
            print(f"| {context:,} | {what} | {statistics.median(theirs):.1f} | "
                  f"{statistics.median(ours):.1f} | {ratio:.2f} | ≤ {GOAL} |")
    ratio = statistics.median(a / b for a, b in zip(times["capped"], times["short"]))
    print(f"\nA step behind {max(args.contexts):,} tokens with {CAPACITY} slots takes "
          f"{statistics.median(times['capped']):.1f} ms, {ratio:.2f} × one behind {SHORT} with all of "
          f"them ({statistics.median(times['short']):.1f} ms; goal ≤ 1).")


if __name__ == "__main__":
    main()
