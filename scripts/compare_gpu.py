#!/usr/bin/env python3
"""Steps and prompts on a GPU beside Hugging Face in one run, as a table in Markdown.

    compare_gpu.py [--prompts 512,2048] [--lanes 1,144] [--rounds N] [--binary PATH] [--work DIR]

GPT-2 124M shape with random weights and 4,096 positions, in f32 and f16, written once to DIR. In every
round both programs run a prompt of each length and a few steps of each number of sequences behind 128
tokens, one program after the other. The table shows medians over the rounds and the median of the
rounds' own ratios. Hugging Face runs its default attention on its own cache, on the same device.

Needs `pip install torch==2.11.0 transformers==5.23.0` in an environment of its own; the build, the
program and its tests never do.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

import torch
from transformers import DynamicCache, GPT2Config, GPT2LMHeadModel

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONTEXT = 128
POSITIONS = 4096
STEPS = 8  # of each program and number of sequences in a round
TYPES = {"f32": torch.float32, "f16": torch.float16}


class HuggingFace:
    def __init__(self, folder, dtype, device):
        self.model = GPT2LMHeadModel.from_pretrained(folder, dtype=dtype).eval().to(device)
        self.device = device
        self.dtype = dtype

    def timed_ms(self, work):
        self.wait()
        start = time.perf_counter()
        work()
        self.wait()
        return 1000 * (time.perf_counter() - start)

    def wait(self):
        if self.device == "cuda":
            torch.cuda.synchronize()

    @torch.inference_mode()
    def prompt_ms(self, count):
        tokens = torch.ones(1, count, dtype=torch.long, device=self.device)
        run = lambda: self.model(tokens, use_cache=True, logits_to_keep=1)
        run()  # the first of a length chooses its kernels
        return self.timed_ms(run)

    @torch.inference_mode()
    def step_ms(self, lanes):
        config = self.model.config
        cache = DynamicCache()
        for layer in range(config.n_layer):
            past = torch.rand(lanes, config.n_head, CONTEXT, config.n_embd // config.n_head,
                              dtype=self.dtype, device=self.device)
            cache.update(past, past.clone(), layer)
        token = torch.ones(lanes, 1, dtype=torch.long, device=self.device)
        step = lambda: self.model(token, past_key_values=cache)
        step()
        return statistics.median(self.timed_ms(step) for _ in range(STEPS))


def sketchscope_ms(args, dtype, what, *more):
    command = [args.binary, "bench", what, "--model", str(args.work / "model"), "--dtype", dtype,
               "--device", args.device, "--audit", "off", "--json", "-", *more]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"compare_gpu: {result.stderr}")
    return [row["median_ms"] for row in json.loads(result.stdout)["rows"]]


def measure_round(args, faces, times):
    """Adds a round's times by row and program."""
    def add(row, face, ours):
        times.setdefault(row, []).append((face, ours))

    for dtype, face in faces.items():
        for count in args.prompts:
            ours = sketchscope_ms(args, dtype, "prefill", "--context", str(count), "--rounds", "2")
            add((dtype, f"prompt of {count}"), face.prompt_ms(count), ours[0])
        for lanes in args.lanes:
            ours = sketchscope_ms(args, dtype, "decode", "--policy", "full", "--lanes", str(lanes),
                                  "--context", str(CONTEXT), "--rounds", str(STEPS))
            add((dtype, f"step of {lanes}"), face.step_ms(lanes), ours[0])


def numbers(text):
    return [int(number) for number in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompts", type=numbers, default=[512, 2048])
    parser.add_argument("--lanes", type=numbers, default=[1, 144])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--binary", default=str(ROOT / "build" / "release" / "sketchscope"))
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/compare-gpu"),
                        help="folder for the model's file (510 MB, written once)")
    args = parser.parse_args()

    folder = args.work / "model"
    if not (folder / "model.safetensors").exists():
        torch.manual_seed(1)
        GPT2LMHeadModel(GPT2Config(n_positions=POSITIONS)).save_pretrained(folder)
    faces = {name: HuggingFace(folder, dtype, args.device) for name, dtype in TYPES.items()}
    times = {}
    for number in range(args.rounds):
        measure_round(args, faces, times)
        print(f"compare_gpu: round {number + 1} of {args.rounds}", file=sys.stderr)

    device = torch.cuda.get_device_name() if args.device == "cuda" else "the processor"
    print(f"{device}, {args.rounds} rounds, PyTorch {torch.__version__}\n")
    print("| weights | what | Hugging Face, ms | SketchScope, ms | × Hugging Face |")
    print("|---|---|---|---|---|")
    for (dtype, what), pairs in times.items():
        face, ours = (statistics.median(each) for each in zip(*pairs))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"| {dtype} | {what} | {face:.2f} | {ours:.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
