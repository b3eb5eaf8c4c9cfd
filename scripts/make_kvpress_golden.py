#!/usr/bin/env python3
"""Golden positions that kvpress keeps of a prompt, by layer and key/value head.

    make_kvpress_golden.py    writes tests/golden/kvpress.json

Runs the presses of kvpress 0.5.5 on a random Llama with grouped-query heads, whose weights follow
from the names of its tensors (make_golden_families.py). A position counts as kept if its key is still
in the cache that the press left, or, where a press only masks, if it is not masked. The program never
drops the latest position, which not all presses promise: where one does not, its score is raised here
above all others, and the file says so.

Needs `pip install kvpress==0.5.5` in an environment of its own, which brings torch and a transformers
below 5.3; the build, the program and its tests never do.
"""

import json
import pathlib

import torch
from kvpress import (AdaKVPress, ExpectedAttentionPress, KeyDiffPress, KnormPress,
                     ObservedAttentionPress, SnapKVPress, StreamingLLMPress, TOVAPress)
from transformers import AutoConfig, AutoModelForCausalLM, DynamicCache

from make_golden_families import weights_of

PATH = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "kvpress.json"
CONFIG = dict(hidden_size=24, intermediate_size=28, num_hidden_layers=3, num_attention_heads=6,
              num_key_value_heads=2, head_dim=8, vocab_size=257, max_position_embeddings=512,
              rope_theta=10000.0, rms_norm_eps=1e-6, tie_word_embeddings=False)
TOKENS = 192


def keeping_latest(press):
    """A press that also keeps the latest position."""

    class KeepingLatest(press):
        def score(self, *arguments):
            scores = super().score(*arguments)
            scores[..., -1] = scores.max() + 1
            return scores

    return KeepingLatest


# Name -> press by compression ratio, and the knobs of a run that keeps the same.
SNAPKV = {"policy": "snapkv", "observation_window": 16, "pool_kernel": 5, "recent_window": 16, "sinks": 0}
EXPECTED = {"policy": "expected-attention", "recent_window": 0, "sinks": 4}
CASES = {
    "key-norm": (keeping_latest(KnormPress), {}, {"policy": "key-norm", "recent_window": 0, "sinks": 0}),
    "snapkv": (SnapKVPress, {"window_size": 16}, SNAPKV),
    "snapkv-wide-pool": (SnapKVPress, {"window_size": 8, "kernel_size": 11},
                         SNAPKV | {"observation_window": 8, "recent_window": 8, "pool_kernel": 11}),
    "tova": (TOVAPress, {}, {"policy": "tova", "recent_window": 1, "sinks": 0, "granularity": "layer"}),
    "expected-attention": (keeping_latest(ExpectedAttentionPress), {}, EXPECTED),
    "expected-attention-without-norms": (keeping_latest(ExpectedAttentionPress), {"use_vnorm": False},
                                         EXPECTED),
    "key-diff": (keeping_latest(KeyDiffPress), {}, {"policy": "key-diff", "recent_window": 0, "sinks": 0}),
    "streaming-llm": (StreamingLLMPress, {"n_sink": 4},
                      {"policy": "window", "recent_window": 0, "sinks": 4}),
    "observed-attention": (keeping_latest(ObservedAttentionPress), {},
                           {"policy": "age-normalized", "recent_window": 0, "sinks": 0}),
    "ada-kv-over-snapkv": (SnapKVPress, {"window_size": 16}, SNAPKV | {"budget": "heads"}),
}
CAPACITIES = [40, 96]


def model_with(attention):
    config = AutoConfig.for_model("llama", **CONFIG)
    model = AutoModelForCausalLM.from_config(config, attn_implementation=attention).eval().float()
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.copy_(weights_of("kvpress", name, tuple(value.shape)))
    return model


@torch.no_grad()
def keys_of(model, tokens, press=None):
    """The cached keys by layer, (K, S, D), after the prompt."""
    cache = DynamicCache()
    if press is None:
        model(torch.tensor([tokens]), past_key_values=cache)
    else:
        with press(model):
            model(torch.tensor([tokens]), past_key_values=cache)
    return [layer.keys[0] for layer in cache.layers]


def kept_by_pruning(model, tokens, press):
    whole = keys_of(model, tokens)
    kept = []
    for every, left in zip(whole, keys_of(model, tokens, press)):
        same = (left[:, :, None] == every[:, None]).all(-1)
        assert bool((same.sum(-1) == 1).all()), "two positions have one key"
        kept.append([sorted(row.nonzero()[:, 1].tolist()) for row in same])
    return kept


def kept_by_masking(model, tokens, press):
    keys_of(model, tokens, press)
    kept = []
    for layer in model.model.layers:
        _, heads, positions = layer.self_attn.masked_key_indices
        masked = set(zip(heads.tolist(), positions.tolist()))
        kept.append([[at for at in range(len(tokens)) if (head, at) not in masked]
                     for head in range(CONFIG["num_key_value_heads"])])
        layer.self_attn.masked_key_indices = None
    return kept


def main():
    # No token comes twice: the keys of equal tokens in the first layer are equally long.
    tokens = [(i * 101 + 7) % CONFIG["vocab_size"] for i in range(TOKENS)]
    cases = []
    for name, (press, options, knobs) in CASES.items():
        model = model_with("eager" if press.__mro__[1] is ObservedAttentionPress else "sdpa")
        for capacity in CAPACITIES:
            made = press(compression_ratio=1 - (capacity + 0.5) / TOKENS, **options)
            if knobs.get("budget") == "heads":
                kept = kept_by_masking(model, tokens, AdaKVPress(made))
            else:
                kept = kept_by_pruning(model, tokens, made)
            stored = sum(len(head) for layer in kept for head in layer)
            assert stored == capacity * CONFIG["num_key_value_heads"] * CONFIG["num_hidden_layers"]
            settings = {"granularity": "head"} | knobs | {"max_cache_size": capacity}
            cases.append({"name": f"{name}-{capacity}", "knobs": settings,
                          "keeps_latest_itself": press.__name__ != "KeepingLatest",
                          "weighs_by_norm": options.get("use_vnorm", True),
                          "kept": kept})
            print(cases[-1]["name"], [[len(head) for head in layer] for layer in kept])
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    head = json.dumps({"config": CONFIG, "tokens": tokens}, separators=(",", ":"))
    PATH.write_text(head[:-1] + ',\n"cases":[\n' + lines + "\n]}\n")
    print(PATH, PATH.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
