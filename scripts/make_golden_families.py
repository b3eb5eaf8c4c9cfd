#!/usr/bin/env python3
"""Golden numbers from Hugging Face's decoders of the rotary families.

    make_golden_families.py               writes tests/golden/families: one file a case, with its
                                          configuration, logits and greedy continuation, and three
                                          whole directories in tests/golden/models
    make_golden_families.py CASE...       these cases only

The weights of a case are not stored: they follow from the names of its tensors by the formula of
weights_of(), which tests/support/named_weights.cpp repeats. All of them are exact in f16 and bf16.
Needs `pip install torch transformers safetensors numpy` in an environment of its own; the build, the
program and its tests never do. The committed numbers are those of transformers 4.57.1.
"""

import json
import pathlib
import random
import sys

import numpy
import torch
from transformers import AutoConfig, AutoModelForCausalLM

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
MASK = (1 << 64) - 1
VOCABULARY = 61

# What every case starts from: sizes that are no multiples of vector widths.
BASE = dict(hidden_size=20, intermediate_size=27, num_hidden_layers=2, num_attention_heads=5,
            num_key_value_heads=5, vocab_size=VOCABULARY, max_position_embeddings=64,
            bos_token_id=1, eos_token_id=2)
GROUPED = dict(hidden_size=24, num_attention_heads=6, num_key_value_heads=2)
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=32)
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=16)
LONG = dict(max_position_embeddings=512)

# Name -> family, options beside BASE, and how the case is written or run.
CASES = {
    "llama": ("llama", {}, {}),
    "llama-grouped": ("llama", GROUPED, {}),
    "llama-one-key-head": ("llama", dict(num_attention_heads=5, num_key_value_heads=1), {}),
    "llama-own-head-width": ("llama", dict(hidden_size=21, head_dim=10), {}),
    "llama-biases": ("llama", GROUPED | dict(attention_bias=True, mlp_bias=True), {}),
    "llama-tied": ("llama", dict(tie_word_embeddings=True), {}),
    "llama-gelu": ("llama", dict(hidden_act="gelu"), {}),
    "llama-gelu-tanh": ("llama", dict(hidden_act="gelu_pytorch_tanh"), {}),
    "llama-large-epsilon": ("llama", dict(rms_norm_eps=0.01), {}),
    "llama-theta": ("llama", dict(rope_theta=500000.0), {}),
    "llama-long": ("llama", GROUPED | LONG, dict(tokens=300)),
    "llama-linear": ("llama", dict(rope_scaling=dict(type="linear", factor=2.5)), {}),
    "llama-llama3": ("llama", GROUPED | LONG | dict(rope_theta=500000.0, head_dim=16,
                                                    rope_scaling=LLAMA3), dict(tokens=200)),
    "llama-yarn": ("llama", dict(head_dim=16, rope_scaling=YARN), {}),
    "llama-yarn-long": ("llama", GROUPED | LONG | dict(head_dim=32, rope_scaling=dict(
        rope_type="yarn", factor=8.0, original_max_position_embeddings=64, beta_fast=16,
        beta_slow=2.0, attention_factor=1.25)), dict(tokens=200)),
    "llama-yarn-mscale": ("llama", dict(head_dim=16, rope_scaling=YARN | dict(
        mscale=0.8, mscale_all_dim=0.4, truncate=False)), {}),
    "llama-new-spelling": ("llama", dict(rope_theta=3000.0, rope_scaling=dict(
        rope_type="linear", factor=2.0)), dict(new_spelling=True)),
    "llama-new-spelling-unscaled": ("llama", dict(rope_theta=3000.0), dict(new_spelling=True)),
    "mistral": ("mistral", GROUPED | dict(sliding_window=None), {}),
    "mistral-wide-window": ("mistral", GROUPED | dict(sliding_window=64, head_dim=6), {}),
    "qwen2": ("qwen2", GROUPED | dict(use_sliding_window=False), {}),
    "qwen2-tied-windows-beyond": ("qwen2", GROUPED | dict(
        tie_word_embeddings=True, use_sliding_window=True, sliding_window=8, max_window_layers=2), {}),
    "qwen2-yarn-old-spelling": ("qwen2", GROUPED | dict(rope_scaling=dict(
        type="yarn", factor=4.0, original_max_position_embeddings=16)), {}),
    "qwen3": ("qwen3", GROUPED | dict(head_dim=10), {}),
    "qwen3-tied-biased": ("qwen3", GROUPED | dict(head_dim=8, attention_bias=True,
                                                  tie_word_embeddings=True), {}),
    "smollm3": ("smollm3", GROUPED | dict(num_hidden_layers=5, pad_token_id=0), {}),
    "smollm3-own-list-biased": ("smollm3", GROUPED | dict(
        num_hidden_layers=3, no_rope_layers=[0, 1, 1], attention_bias=True, mlp_bias=True,
        tie_word_embeddings=False, pad_token_id=0), {}),
    "smollm3-interval": ("smollm3", GROUPED | dict(
        no_rope_layer_interval=2, rope_theta=2000000.0, pad_token_id=0,
        rope_scaling=YARN), {}),
}

# Directory -> the case whose weights it holds, and how.
DIRECTORIES = {
    "llama-sharded-f16": ("llama-grouped", dict(dtype=torch.float16, max_shard_size="6KB")),
    "qwen2-pickled-bf16": ("qwen2", dict(dtype=torch.bfloat16, safe_serialization=False)),
    "qwen3-bf16": ("qwen3", dict(dtype=torch.bfloat16)),
}


def splitmix64(seed, count):
    """The first `count` outputs of SplitMix64."""
    state = [(seed + (i + 1) * 0x9E3779B97F4A7C15) & MASK for i in range(count)]
    with numpy.errstate(over="ignore"):
        z = numpy.array(state, dtype=numpy.uint64)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return z ^ (z >> numpy.uint64(31))


def name_hash(text):
    """FNV-1a of 64 bits."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def weights_of(case, name, shape):
    """Odd multiples of 1/16 in matrices, of 1/64 in vectors, around 1 in norms."""
    count = int(numpy.prod(shape))
    odd = 2 * (splitmix64(name_hash(case + "/" + name), count) >> numpy.uint64(60)).astype(int) - 15
    spread = 1 / 16 if len(shape) > 1 else 1 / 64
    mean = 1.0 if len(shape) == 1 and name.endswith(".weight") else 0.0
    return torch.tensor((mean + spread * odd).reshape(shape), dtype=torch.float32)


def model_of(case):
    family, options, run = CASES[case]
    config = AutoConfig.for_model(family, **(BASE | options))
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval().float()
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.copy_(weights_of(case, name, tuple(value.shape)))
    written = {"model_type": family} | BASE | options
    if run.get("new_spelling"):
        theta = {"rope_theta": written.pop("rope_theta")}
        written["rope_parameters"] = theta | written.pop("rope_scaling", {"rope_type": "default"})
    return model, written


@torch.no_grad()
def greedy(model, tokens, count):
    row = list(tokens)
    for _ in range(count):
        first, second = model(torch.tensor([row])).logits[0, -1].topk(2).values.tolist()
        assert first - second >= 1e-3, "a tie: choose other tokens"
        row.append(int(model(torch.tensor([row])).logits[0, -1].argmax()))
    return row[len(tokens):]


def rounded(rows):
    return [[float(f"{value:.7g}") for value in row] for row in rows.tolist()]


def tokens_of(case, count):
    draw = random.Random(case)
    return [draw.randrange(VOCABULARY) for _ in range(count)]


def write_case(case):
    model, config = model_of(case)
    tokens = tokens_of(case, CASES[case][2].get("tokens", 40))
    rows = [0, len(tokens) // 7, len(tokens) // 2, len(tokens) - 1]
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0, rows]
    expected = {"config": config, "tokens": tokens, "greedy": greedy(model, tokens, 12),
                "rows": rows, "logits": rounded(logits)}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in expected.items())
    path = GOLDEN / "families" / f"{case}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{" + lines + "}\n")
    print(f"{case:32} {path.stat().st_size:6} bytes, largest logit {logits.abs().max():.2f}")


def write_directory(name):
    case, storage = DIRECTORIES[name]
    model, _ = model_of(case)
    folder = GOLDEN / "models" / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    tokens = tokens_of(case, 12)
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0]
    expected = {"tokens": tokens, "greedy": greedy(model, tokens, 12), "logits": rounded(logits)}
    options = dict(storage)
    model.to(options.pop("dtype")).save_pretrained(folder, **options)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{name:32} {size:6} bytes, {', '.join(sorted(file.name for file in folder.iterdir()))}")


def main():
    wanted = sys.argv[1:] or [*CASES, *DIRECTORIES]
    for name in wanted:
        write_case(name) if name in CASES else write_directory(name)


if __name__ == "__main__":
    main()
