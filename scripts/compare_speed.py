#!/usr/bin/env python3
"""Speed beside Hugging Face and llama.cpp in one run, as a table in Markdown.

    compare_speed.py [--rounds N] [--threads N] [--lanes 1,8,20] [--binary PATH] [--work DIR]

GPT-2 124M shape with random weights, context 128. In every round each program decodes a few steps of
every number of sequences, one program after the other, so that all meet the same load of the machine;
then each runs a prompt of 512 tokens. The table shows medians over the rounds and the ratio to
llama.cpp (for the prompt: to Hugging Face), itself the median of the rounds' own ratios.

Needs `pip install torch==2.11.0 transformers==5.23.0 gguf==0.19.0 llama-cpp-python==0.3.36` in an
environment of its own, the last built for this processor (it is by default); the build, the program
and its tests never do.
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

import gguf
import llama_cpp
import numpy
import torch
from transformers import DynamicCache, GPT2Config, GPT2LMHeadModel

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONTEXT = 128
PROMPT = 512
STEPS = 4  # of each program and number of sequences in a round
LAYERS, HEADS, WIDTH, INNER, VOCABULARY, POSITIONS = 12, 12, 768, 3072, 50257, 1024

# Our type of weights, llama.cpp's, the goals for 1, 8 and 20 sequences.
TYPES = {
    "f32": (gguf.GGMLQuantizationType.F32, {1: 0.85, 8: 0.52, 20: 0.46}),
    "f16": (gguf.GGMLQuantizationType.F16, {1: 0.85, 8: 0.46, 20: 0.40}),
    "int8": (gguf.GGMLQuantizationType.Q8_0, {1: 0.80, 8: 0.45, 20: 0.40}),
}


def timed_ms(work):
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


class HuggingFace:
    """Eager f32 on Hugging Face's own cache."""

    def __init__(self, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        self.model = GPT2LMHeadModel(GPT2Config()).eval()

    @torch.inference_mode()
    def steps(self, lanes, count):
        cache = DynamicCache()
        for layer in range(LAYERS):
            past = torch.rand(lanes, HEADS, CONTEXT, WIDTH // HEADS)
            cache.update(past, past.clone(), layer)
        token = torch.ones(lanes, 1, dtype=torch.long)
        self.model(token, past_key_values=cache)
        return [timed_ms(lambda: self.model(token, past_key_values=cache)) for _ in range(count)]

    @torch.inference_mode()
    def prompt(self):
        tokens = torch.ones(1, PROMPT, dtype=torch.long)
        return timed_ms(lambda: self.model(tokens, logits_to_keep=1))


def write_gguf(path, kind):
    """GPT-2 of random weights without a vocabulary; matrices in `kind`, the rest in f32."""
    random = numpy.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "gpt2")
    writer.add_block_count(LAYERS)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-5)
    writer.add_vocab_size(VOCABULARY)
    writer.add_string("tokenizer.ggml.model", "no_vocab")

    def numbers(*shape):
        return (0.04 * (random.random(shape, dtype=numpy.float32) - 0.5))

    def matrix(name, *shape):
        values = numbers(*shape)
        if kind == gguf.GGMLQuantizationType.F32:
            writer.add_tensor(name, values)
        elif kind == gguf.GGMLQuantizationType.F16:
            writer.add_tensor(name, values.astype(numpy.float16))
        else:
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)

    def vector_pair(name, size):
        writer.add_tensor(name + ".weight", 1 + numbers(size))
        writer.add_tensor(name + ".bias", numbers(size))

    matrix("token_embd.weight", VOCABULARY, WIDTH)
    writer.add_tensor("position_embd.weight", numbers(POSITIONS, WIDTH))
    vector_pair("output_norm", WIDTH)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        vector_pair(block + "attn_norm", WIDTH)
        vector_pair(block + "ffn_norm", WIDTH)
        for name, outputs, inputs in (("attn_qkv", 3 * WIDTH, WIDTH), ("attn_output", WIDTH, WIDTH),
                                      ("ffn_up", INNER, WIDTH), ("ffn_down", WIDTH, INNER)):
            matrix(f"{block}{name}.weight", outputs, inputs)
            writer.add_tensor(f"{block}{name}.bias", numbers(outputs))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@llama_cpp.llama_log_callback
def silent(level, text, user_data):
    del level, text, user_data


class LlamaCpp:
    """One model and a context for each number of sequences, each with a past of its own."""

    def __init__(self, path, lanes, threads, growth):
        options = llama_cpp.llama_model_default_params()
        options.n_gpu_layers = 0
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), options)
        if not self.model:
            raise SystemExit(f"compare_speed: llama.cpp cannot read {path}")
        self.contexts = {count: self.context(count, threads, growth) for count in lanes}
        self.fed = {count: 0 for count in lanes}
        for count in lanes:
            for _ in range(CONTEXT // 16):
                self.feed(count, 16)

    def context(self, lanes, threads, growth):
        options = llama_cpp.llama_context_default_params()
        options.n_ctx = lanes * 32 * ((CONTEXT + growth + 31) // 32)
        options.n_batch = options.n_ubatch = max(512, 16 * lanes)
        options.n_seq_max = lanes
        options.n_threads = options.n_threads_batch = threads
        context = llama_cpp.llama_init_from_model(self.model, options)
        if not context:
            raise SystemExit(f"compare_speed: llama.cpp gives no context for {lanes} sequences")
        return context

    def feed(self, lanes, tokens):
        """The next `tokens` tokens of every sequence in one pass, with the logits of the last."""
        batch = llama_cpp.llama_batch_init(lanes * tokens, 0, 1)
        for lane in range(lanes):
            for token in range(tokens):
                i = batch.n_tokens
                batch.token[i] = 1
                batch.pos[i] = self.fed[lanes] + token
                batch.n_seq_id[i] = 1
                batch.seq_id[i][0] = lane
                batch.logits[i] = token + 1 == tokens
                batch.n_tokens += 1
        elapsed = timed_ms(lambda: self.decode(lanes, batch))
        llama_cpp.llama_batch_free(batch)
        self.fed[lanes] += tokens
        return elapsed

    def decode(self, lanes, batch):
        context = self.contexts[lanes]
        if llama_cpp.llama_decode(context, batch) != 0:
            raise SystemExit(f"compare_speed: llama.cpp refused a step of {lanes} sequences")
        llama_cpp.llama_synchronize(context)

    def steps(self, lanes, count):
        return [self.feed(lanes, 1) for _ in range(count)]


def sketchscope(binary, arguments):
    """The rows of one benchmark, and the machine."""
    command = [binary, "bench", *arguments, "--shape", "124m", "--json", "-"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"compare_speed: {result.stderr}")
    return json.loads(result.stdout)


class Table:
    """Times by row and program; the figures of one round stand side by side."""

    def __init__(self):
        self.rounds = {}

    def add(self, row, program, milliseconds):
        self.rounds.setdefault(row, {}).setdefault(program, []).append(milliseconds)

    def median(self, row, program):
        times = self.rounds[row].get(program)
        return f"{statistics.median(times):.1f}" if times else ""

    def ratio(self, row, program, base):
        pairs = zip(self.rounds[row][program], self.rounds[row][base])
        return statistics.median(a / b for a, b in pairs)


def measure_round(table, args, face, llamas):
    for lanes in args.lanes:
        table.add(("f32", lanes), "face", statistics.median(face.steps(lanes, STEPS)))
    for dtype, llama in llamas.items():
        ours = sketchscope(args.binary, ["decode", "--dtype", dtype, "--rounds", str(STEPS),
                                         "--threads", str(args.threads), "--context", str(CONTEXT),
                                         "--lanes", ",".join(map(str, args.lanes))])
        for row in ours["rows"]:
            table.add((dtype, row["lanes"]), "ours", row["median_ms"])
            if row["lanes"] == 1:
                table.add((dtype, 1), "bandwidth", row["bandwidth_share"])
        for lanes in args.lanes:
            table.add((dtype, lanes), "llama", statistics.median(llama.steps(lanes, STEPS)))
    prompt = sketchscope(args.binary, ["prefill", "--dtype", "f32", "--context", str(PROMPT),
                                       "--rounds", "2", "--threads", str(args.threads)])
    table.add("prompt", "ours", prompt["rows"][0]["median_ms"])
    table.add("prompt", "face", face.prompt())
    return prompt["machine"]


def print_table(table, args, machine):
    print(f"{machine['cpu']}, {args.threads} threads, {args.rounds} rounds, "
          f"load average {os.getloadavg()[0]:.1f}\n")
    print("| weights | sequences | Hugging Face, ms | llama.cpp, ms | SketchScope, ms "
          "| × llama.cpp | goal |")
    print("|---|---|---|---|---|---|---|")
    for dtype, (_, goals) in TYPES.items():
        for lanes in args.lanes:
            row = (dtype, lanes)
            goal = f"≤ {goals[lanes]:.2f}" if lanes in goals else ""
            print(f"| {dtype} | {lanes} | {table.median(row, 'face')} | {table.median(row, 'llama')} "
                  f"| {table.median(row, 'ours')} | {table.ratio(row, 'ours', 'llama'):.2f} | {goal} |")
    print(f"\nPrompt of {PROMPT} tokens, f32: Hugging Face {table.median('prompt', 'face')} ms, "
          f"SketchScope {table.median('prompt', 'ours')} ms, "
          f"{table.ratio('prompt', 'ours', 'face'):.2f} × (goal ≤ 0.85).")
    if 1 in args.lanes:
        share = statistics.median(table.rounds[("f32", 1)]["bandwidth"])
        print(f"One sequence in f32 moves its bytes at {100 * share:.0f} % of a plain read loop's "
              "speed (goal ≥ 95 %).")
    if 1 in args.lanes and 8 in args.lanes:
        ours = {lanes: statistics.median(table.rounds[("f32", lanes)]["ours"]) for lanes in (1, 8)}
        print(f"Eight sequences take {ours[8] / ours[1]:.2f} × the time of one (goal ≤ 1.50).")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--lanes", type=lambda text: [int(n) for n in text.split(",")],
                        default=[1, 8, 20])
    parser.add_argument("--binary", default=str(ROOT / "build" / "release" / "sketchscope"))
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/compare-speed"),
                        help="folder for llama.cpp's model files (850 MB, written once)")
    args = parser.parse_args()

    llama_cpp.llama_log_set(silent, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    args.work.mkdir(parents=True, exist_ok=True)
    face = HuggingFace(args.threads)
    llamas = {}
    for dtype, (kind, _) in TYPES.items():
        path = args.work / f"gpt2-124m-random-{dtype}.gguf"
        if not path.exists():
            pending = path.with_suffix(".pending")
            write_gguf(pending, kind)
            pending.rename(path)
        llamas[dtype] = LlamaCpp(path, args.lanes, args.threads, args.rounds * STEPS)
    table = Table()
    for number in range(args.rounds):
        machine = measure_round(table, args, face, llamas)
        print(f"compare_speed: round {number + 1} of {args.rounds}", file=sys.stderr)
    print_table(table, args, machine)


if __name__ == "__main__":
    main()
