#!/usr/bin/env python3
"""Tiny GGUF models and their logits: writes tests/golden/gguf, NAME.gguf and NAME.json for each case.

    make_golden_gguf.py               all cases
    make_golden_gguf.py CASE...       these cases only
    make_golden_gguf.py --parity      also compares with transformers' own reader of GGUF files, where
                                      it follows what the case is about

The weights are random blocks from a fixed seed, written by the Python package `gguf`. The logits are
those of a dense pass in float64 over the numbers that the same package makes of the blocks; rotary
pairs are taken as they lie in the file, neighbours for llama and halves for qwen. Needs
`pip install gguf numpy` (and torch, transformers and accelerate for --parity) in an environment of its own; the
build, the program and its tests never do.
"""

import json
import pathlib
import random
import sys
import zlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFReader, GGUFWriter, quants

TARGET = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "gguf"
VOCABULARY = 40

SMALL = dict(width=32, layers=2, heads=4, kv_heads=2, inner=32, context=64, theta=10000.0, eps=1e-5)
LARGE = SMALL | dict(width=256, layers=1, heads=2, kv_heads=1, key_length=8)
YARN = dict(type="yarn", factor=4.0, original=16)
LINEAR = dict(type="linear", factor=2.5)

# Name -> architecture, type of the matrices, and what is special: shape, types of single matrices by
# the end of their names, and what the file has beside the plain weights.
CASES = {
    "llama-f32-factors": ("llama", "F32", dict(shape=SMALL | dict(layers=1), factors=True)),
    "llama-f16-linear": ("llama", "F16", dict(scaling=LINEAR, own_head=True)),
    "llama-bf16-yarn": ("llama", "BF16", dict(shape=SMALL | dict(theta=5000.0), scaling=YARN)),
    "llama-q8_0": ("llama", "Q8_0", dict(own_head=True)),
    "llama-q4_0-biases": ("llama", "Q4_0", dict(biases="qkv output inner")),
    "llama-q4_1": ("llama", "Q4_1", dict(types={"token_embd": "Q8_0"})),
    "llama-q5_0": ("llama", "Q5_0", dict(shape=SMALL | dict(kv_heads=4, theta=500000.0, eps=1e-3))),
    "llama-q5_1": ("llama", "Q5_1", dict(shape=SMALL | dict(kv_heads=1))),
    "llama-k": ("llama", "Q4_K", dict(shape=LARGE, types={
        "token_embd": "Q6_K", "attn_v": "Q6_K", "ffn_up": "Q5_K", "attn_output": "F16", "ffn_down": "Q8_0"})),
    "qwen2-q8_0": ("qwen2", "Q8_0", dict(biases="qkv", own_head=True)),
    "qwen3-q4_0": ("qwen3", "Q4_0", dict(shape=SMALL | dict(key_length=16), head_norms=True)),
}

# Where the halves lie that scale a block whose bytes are otherwise random, and how large they are.
RANDOM_BLOCKS = {"Q4_K": {0: 6e-4, 2: 4e-3}, "Q5_K": {0: 3e-4, 2: 4e-3}, "Q6_K": {208: 1.5e-4}}


def shapes_of(shape, special):
    """Name -> (rows, columns) or (numbers,) of every tensor."""
    width, inner = shape["width"], shape["inner"]
    head = shape.get("key_length", width // shape["heads"])
    q, kv = shape["heads"] * head, shape["kv_heads"] * head
    biases = special.get("biases", "").split()
    tensors = {"token_embd.weight": (VOCABULARY, width), "output_norm.weight": (width,)}
    if special.get("own_head"):
        tensors["output.weight"] = (VOCABULARY, width)
    if special.get("factors"):
        tensors["rope_freqs.weight"] = (head // 2,)
    for layer in range(shape["layers"]):
        block = f"blk.{layer}."
        for name, size, bias in [("attn_q", (q, width), "qkv"), ("attn_k", (kv, width), "qkv"),
                                 ("attn_v", (kv, width), "qkv"), ("attn_output", (width, q), "output"),
                                 ("ffn_gate", (inner, width), "inner"), ("ffn_up", (inner, width), "inner"),
                                 ("ffn_down", (width, inner), "inner")]:
            tensors[f"{block}{name}.weight"] = size
            if bias in biases:
                tensors[f"{block}{name}.bias"] = size[:1]
        for name in ("attn_norm", "ffn_norm"):
            tensors[f"{block}{name}.weight"] = (width,)
        if special.get("head_norms"):
            for name in ("attn_q_norm", "attn_k_norm"):
                tensors[f"{block}{name}.weight"] = (head,)
    return tensors


def blocks_of(kind, size, draw):
    """Random blocks of a type: quantised numbers where the package can, else random bytes."""
    if kind not in RANDOM_BLOCKS:
        spread = 2.0 / np.sqrt(size[-1])
        return quants.quantize((spread * draw.normal(size=size)).astype(np.float32), GGMLQuantizationType[kind])
    numbers, length = GGML_QUANT_SIZES[GGMLQuantizationType[kind]]
    blocks = draw.integers(0, 256, (size[0], size[1] // numbers, length), dtype=np.uint8)
    for place, scale in RANDOM_BLOCKS[kind].items():
        halves = (scale * (0.5 + draw.random(blocks.shape[:2] + (1,)))).astype(np.float16)
        blocks[..., place:place + 2] = halves.view(np.uint8)
    return blocks.reshape(size[0], -1)


def vector_of(name, size, draw):
    if name == "rope_freqs.weight":
        return np.array([1.0 + 0.75 * i for i in range(size[0])], np.float32)
    mean, spread = (1.0, 0.2) if name.endswith(".weight") else (0.0, 0.3)
    return (mean + spread * draw.normal(size=size)).astype(np.float32)


def write_file(path, case):
    architecture, kind, special = CASES[case]
    shape = special.get("shape", SMALL)
    writer = GGUFWriter(path, architecture)
    writer.add_vocab_size(VOCABULARY)
    writer.add_block_count(shape["layers"])
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_feed_forward_length(shape["inner"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["kv_heads"])
    writer.add_layer_norm_rms_eps(shape["eps"])
    writer.add_rope_freq_base(shape["theta"])
    if architecture == "llama":
        writer.add_rope_dimension_count(shape.get("key_length", shape["width"] // shape["heads"]))
    if "key_length" in shape:
        writer.add_key_length(shape["key_length"])
        writer.add_value_length(shape["key_length"])
    scaling = special.get("scaling")
    if scaling:
        writer.add_string(f"{architecture}.rope.scaling.type", scaling["type"])
        writer.add_rope_scaling_factor(scaling["factor"])
    if scaling and "original" in scaling:
        writer.add_rope_scaling_orig_ctx_len(scaling["original"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    draw = np.random.default_rng(zlib.crc32(case.encode()))
    for name, size in shapes_of(shape, special).items():
        if len(size) == 1:
            writer.add_tensor(name, vector_of(name, size, draw))
            continue
        part = name.split(".")[-2]
        own = special.get("types", {}).get(part, kind)
        data = blocks_of(own, size, draw)
        writer.add_tensor(name, data, raw_dtype=GGMLQuantizationType[own])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def numbers_of(path):
    numbers = {}
    for tensor in GGUFReader(path).tensors:
        values = quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float64)
        numbers[tensor.name] = values.reshape(tuple(int(size) for size in tensor.shape[::-1]))
    return numbers


def frequencies_of(shape, head, scaling, factors):
    """Radians a position of each pair, and the factor of all cosines and sines."""
    frequencies = shape["theta"] ** (-2.0 * np.arange(head // 2) / head)
    if factors is not None:
        frequencies = frequencies / factors
    if scaling is None:
        return frequencies, 1.0
    slowed = frequencies / scaling["factor"]
    if scaling["type"] == "linear":
        return slowed, 1.0
    pair = [head * np.log(scaling["original"] / (rotations * 2 * np.pi))
            / (2 * np.log(shape["theta"])) for rotations in (32, 1)]
    low, high = max(np.floor(pair[0]), 0), min(np.ceil(pair[1]), head - 1)
    kept = 1 - np.clip((np.arange(head // 2) - low) / max(high - low, 0.001), 0, 1)
    return slowed * (1 - kept) + frequencies * kept, 1 + 0.1 * np.log(scaling["factor"])


def rms(x, scale, eps):
    return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps) * scale


def rotated(x, frequencies, magnitude, neighbours):
    """Rotates x (tokens, heads, D) at positions 0, 1, …"""
    angle = np.arange(len(x))[:, None, None] * frequencies
    cos, sin = magnitude * np.cos(angle), magnitude * np.sin(angle)
    half = x.shape[-1] // 2
    one, two = (slice(0, None, 2), slice(1, None, 2)) if neighbours else (slice(0, half), slice(half, None))
    out = np.empty_like(x)
    out[..., one] = x[..., one] * cos - x[..., two] * sin
    out[..., two] = x[..., two] * cos + x[..., one] * sin
    return out


def logits_of(case, w, tokens):
    architecture, _, special = CASES[case]
    shape = special.get("shape", SMALL)
    heads, kv_heads, eps = shape["heads"], shape["kv_heads"], shape["eps"]
    head = shape.get("key_length", shape["width"] // heads)
    rotary = frequencies_of(shape, head, special.get("scaling"), w.get("rope_freqs.weight"))
    count = len(tokens)
    future = np.triu(np.full((count, count), -np.inf), 1)
    x = w["token_embd.weight"][tokens]
    for layer in range(shape["layers"]):
        def project(name, value):
            block = f"blk.{layer}.{name}"
            return value @ w[block + ".weight"].T + w.get(block + ".bias", 0.0)

        h = rms(x, w[f"blk.{layer}.attn_norm.weight"], eps)
        q = project("attn_q", h).reshape(count, heads, head)
        k = project("attn_k", h).reshape(count, kv_heads, head)
        v = project("attn_v", h).reshape(count, kv_heads, head)
        if special.get("head_norms"):
            q = rms(q, w[f"blk.{layer}.attn_q_norm.weight"], eps)
            k = rms(k, w[f"blk.{layer}.attn_k_norm.weight"], eps)
        q, k = (rotated(one, *rotary, architecture == "llama") for one in (q, k))
        k, v = (np.repeat(one, heads // kv_heads, axis=1) for one in (k, v))
        scores = np.einsum("ihd,jhd->hij", q, k) / np.sqrt(head) + future
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mass = scores / scores.sum(-1, keepdims=True)
        x = x + project("attn_output", np.einsum("hij,jhd->ihd", mass, v).reshape(count, heads * head))
        h = rms(x, w[f"blk.{layer}.ffn_norm.weight"], eps)
        gate = project("ffn_gate", h)
        x = x + project("ffn_down", gate / (1 + np.exp(-gate)) * project("ffn_up", h))
    return rms(x, w["output_norm.weight"], eps) @ w.get("output.weight", w["token_embd.weight"]).T


def greedy(case, w, tokens, count):
    row = list(tokens)
    for _ in range(count):
        last = logits_of(case, w, row)[-1]
        second, first = np.sort(last)[-2:]
        assert first - second >= 1e-3, f"{case}: a tie; choose other tokens"
        row.append(int(last.argmax()))
    return row[len(tokens):]


def write_case(case):
    TARGET.mkdir(parents=True, exist_ok=True)
    path = TARGET / f"{case}.gguf"
    write_file(path, case)
    w = numbers_of(path)
    draw = random.Random(case)
    tokens = [draw.randrange(VOCABULARY) for _ in range(24)]
    rows = [0, 7, len(tokens) - 1]
    logits = logits_of(case, w, tokens)[rows]
    expected = {"tokens": tokens, "greedy": greedy(case, w, tokens, 8), "rows": rows,
                "logits": [[float(f"{value:.7g}") for value in row] for row in logits.tolist()]}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in expected.items())
    path.with_suffix(".json").write_text("{" + lines + "}\n")
    print(f"{case:20} {path.stat().st_size:6} bytes, largest logit {np.abs(logits).max():.2f}")


def compare_with_transformers(case):
    import torch
    from transformers import AutoModelForCausalLM

    _, _, special = CASES[case]
    if special.get("scaling") or special.get("factors") or special.get("biases") == "qkv output inner":
        return print(f"{case:20} transformers does not read what this case is about")
    expected = json.loads((TARGET / f"{case}.json").read_text())
    # Its reader takes the width of a head from rope.dimension_count, which qwen3's files lack.
    own = special.get("shape", SMALL).get("key_length")
    options = {"head_dim": own} if own else {}
    model = AutoModelForCausalLM.from_pretrained(TARGET, gguf_file=f"{case}.gguf", dtype=torch.float32, **options)
    with torch.no_grad():
        logits = model.eval()(torch.tensor([expected["tokens"]])).logits[0, expected["rows"]].numpy()
    wanted = np.array(expected["logits"])
    print(f"{case:20} differs from transformers by {np.abs(logits - wanted).max() / np.abs(wanted).max():.1e}")


def main():
    names = [name for name in sys.argv[1:] if name != "--parity"] or CASES
    for name in names:
        write_case(name)
        if "--parity" in sys.argv:
            compare_with_transformers(name)


if __name__ == "__main__":
    main()
