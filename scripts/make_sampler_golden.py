#!/usr/bin/env python3
"""Golden numbers of the sampler from Hugging Face's logits processors: tests/golden/sampler.json.

Each case has logits, the tokens of prompt and text so far, and options; beside them what the
repetition penalty makes of the logits, and the distribution that is left after temperature, top-k
and top-p. `greedy` has texts that a model of make_golden_families.py writes under a penalty.
Needs `pip install torch transformers numpy` in an environment of its own; the build, the program and
its tests never do. The committed numbers are those of transformers 4.57.1.
"""

import json
import pathlib
import random

import torch
from transformers import (LogitsProcessorList, RepetitionPenaltyLogitsProcessor,
                          TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper)

from make_golden_families import model_of, tokens_of

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "sampler.json"

# Penalty, temperature, top_k (0: off), top_p (1: off).
OPTIONS = [(1.0, 1.0, 0, 1.0), (1.3, 1.0, 0, 1.0), (0.8, 1.0, 0, 1.0), (2.5, 0.7, 0, 1.0),
           (1.2, 1.6, 5, 1.0), (1.7, 0.9, 0, 0.8), (1.1, 0.8, 7, 0.9), (10.0, 1.0, 0, 1.0)]
GREEDY = [("llama-grouped", 1.2), ("llama-grouped", 1.02), ("qwen3", 1.4), ("llama", 0.7)]
NEW_TOKENS = 14


def rounded(values):
    return [float(f"{value:.9g}") for value in values]


def case_of(number, options):
    penalty, temperature, top_k, top_p = options
    draw = random.Random(number)
    logits = torch.tensor([[draw.gauss(0, 3) for _ in range(17)]])
    logits[0, 4] = 0.0
    seen = [draw.randrange(17) for _ in range(9)] + [4, 4]
    tokens = torch.tensor([seen])
    scores = (logits if penalty == 1 else
              RepetitionPenaltyLogitsProcessor(penalty)(tokens, logits.clone()))
    warpers = LogitsProcessorList([TemperatureLogitsWarper(temperature)])
    if top_k:
        warpers.append(TopKLogitsWarper(top_k))
    if top_p < 1:
        warpers.append(TopPLogitsWarper(top_p))
    left = torch.softmax(warpers(tokens, scores.clone()).double(), -1)
    return {"logits": rounded(logits[0].tolist()), "seen": seen, "repetition_penalty": penalty,
            "temperature": temperature, "top_k": top_k, "top_p": top_p,
            "penalised": rounded(scores[0].tolist()), "probability": rounded(left[0].tolist())}


@torch.no_grad()
def greedy_case(case, penalty):
    model, config = model_of(case)
    row = tokens_of(case, 20)
    processor = RepetitionPenaltyLogitsProcessor(penalty)
    prompt = list(row)
    for _ in range(NEW_TOKENS):
        tokens = torch.tensor([row])
        scores = processor(tokens, model(tokens).logits[:, -1])
        first, second = scores[0].topk(2).values.tolist()
        assert first - second >= 1e-3, "a tie: choose other tokens"
        row.append(int(scores[0].argmax()))
    return {"case": case, "config": config, "repetition_penalty": penalty, "prompt": prompt,
            "new_tokens": row[len(prompt):]}


def main():
    golden = {"cases": [case_of(number, options) for number, options in enumerate(OPTIONS)],
              "greedy": [greedy_case(*one) for one in GREEDY]}
    text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{")
    OUTPUT.write_text(text + "\n")
    print(OUTPUT.name, len(text), "bytes")


if __name__ == "__main__":
    main()
