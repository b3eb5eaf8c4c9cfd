#!/usr/bin/env python3
"""Golden numbers of GGUF blocks: writes tests/golden/gguf_blocks.json.

For each type: blocks of random bytes from a fixed seed, whose scales are finite halves, and the
numbers that the Python package `gguf` makes of them.

Needs `pip install gguf` in an environment of its own; the build, the program and its tests never do.
"""

import json
import pathlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, quants

TARGET = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "gguf_blocks.json"
SEED = 20261129
BLOCKS = 2

# Type -> places of the halves in a block that scale its numbers.
TYPES = {"F32": [], "F16": [0], "BF16": [], "Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0],
         "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
PLAIN = {"F32": 16, "BF16": 32}  # types without blocks -> how many numbers


def random_bytes(name, scales, random):
    kind = GGMLQuantizationType[name]
    _, size = GGML_QUANT_SIZES[kind]
    if name in PLAIN:
        numbers = random.normal(size=PLAIN[name]).astype(np.float32)
        return np.frombuffer(quants.quantize(numbers, kind).tobytes(), np.uint8)
    blocks = random.integers(0, 256, (BLOCKS * (8 if size < 18 else 1), size), dtype=np.uint8)
    for place in scales:
        halves = (random.normal(size=len(blocks)) / 64).astype(np.float16)
        halves[-1] = 3e-6  # a subnormal half
        blocks[:, place:place + 2] = halves.view(np.uint8).reshape(-1, 2)
    return blocks.reshape(-1)


def main():
    random = np.random.default_rng(SEED)
    golden = {}
    for name, scales in TYPES.items():
        data = random_bytes(name, scales, random)
        numbers = quants.dequantize(data, GGMLQuantizationType[name]).astype(np.float32)
        golden[name] = {"bytes": data.tobytes().hex(),
                        "numbers": [float(f"{number:.9g}") for number in numbers.reshape(-1)]}
    lines = [f'"{name}": {json.dumps(entry)}' for name, entry in golden.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
