#!/usr/bin/env python3
"""Golden numbers from Hugging Face's GPT-2, and parity of any model directory with it.

    make_golden.py models                 writes tests/golden/models: tiny random checkpoints,
                                          their logits and greedy continuations
    make_golden.py tokenizer DIR          writes tests/golden/tokenizer.json: ids of texts of our own
                                          by the encoder.json and vocab.bpe in DIR
    make_golden.py parity DIR [--binary]  compares the program with Hugging Face on a model directory

Needs `pip install torch transformers safetensors tokenizers` in an environment of its own; the build,
the program and its tests never do.
"""

import argparse
import json
import pathlib
import random
import subprocess
import time

import torch
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
SEED = 20240607

# Name -> what differs from the base configuration, and how the weights are written.
BASE = dict(n_layer=2, n_head=2, n_embd=12, n_positions=32, vocab_size=64, eos_token_id=63,
            bos_token_id=63)
VARIANTS = {
    "plain": (dict(), {}),
    "odd-heads": (dict(n_embd=21, n_head=3, n_inner=10), {}),
    "own-head": (dict(tie_word_embeddings=False), {}),
    "gelu": (dict(activation_function="gelu"), {}),
    "relu": (dict(activation_function="relu"), {}),
    "silu": (dict(activation_function="silu"), {}),
    "tanh": (dict(activation_function="tanh"), {}),
    "gelu-fast": (dict(activation_function="gelu_fast"), {}),
    "gelu-pytorch-tanh": (dict(activation_function="gelu_pytorch_tanh"), {}),
    "scaled-by-layer": (dict(n_layer=3, scale_attn_by_inverse_layer_idx=True,
                             reorder_and_upcast_attn=True), {}),
    "unscaled": (dict(scale_attn_weights=False), {}),
    "large-epsilon": (dict(layer_norm_epsilon=0.01), {}),
    "bare-names-with-masks": (dict(), dict(prefix="", masks=True)),
    "f16": (dict(), dict(dtype=torch.float16)),
    "bf16": (dict(), dict(dtype=torch.bfloat16)),
    "sharded": (dict(n_layer=3), dict(shards="12KB")),
    "pickled": (dict(), dict(form="bin")),
    "pickled-f16": (dict(), dict(form="bin", dtype=torch.float16)),
    "pickled-before-1.6": (dict(), dict(form="old-bin")),
}


def random_model(overrides, seed):
    """Weights large enough that attention is far from uniform and every bias matters."""
    torch.manual_seed(seed)
    model = GPT2LMHeadModel(GPT2Config(**(BASE | overrides))).eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            spread = 0.6 if value.dim() > 1 else 0.2
            value.copy_((1.0 if ".ln_" in name and name.endswith("weight") else 0.0)
                        + spread * torch.randn_like(value))
    return model


def stored_tensors(model, prefix="transformer.", masks=False, dtype=torch.float32):
    tensors = {}
    for name, value in model.state_dict().items():
        if name == "lm_head.weight" and model.config.tie_word_embeddings:
            continue
        plain = name.removeprefix("transformer.")
        key = plain if name == "lm_head.weight" else prefix + plain
        tensors[key] = value.to(dtype).contiguous()
    if masks:
        size = model.config.n_positions
        for layer in range(model.config.n_layer):
            causal = torch.ones(size, size, dtype=torch.bool).tril()
            tensors[f"{prefix}h.{layer}.attn.bias"] = causal.view(1, 1, size, size)
            tensors[f"{prefix}h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    return tensors


def write_checkpoint(model, folder, form="safetensors", shards=None, **options):
    from safetensors.torch import save_file
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    tensors = stored_tensors(model, **options)
    config = {key: value for key, value in model.config.to_dict().items()
              if key in BASE or key in ("model_type", "activation_function", "n_inner",
                                        "layer_norm_epsilon", "tie_word_embeddings")
              or key.startswith("scale_attn") or key.startswith("reorder")}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    if shards:
        model.save_pretrained(folder, max_shard_size=shards)
        (folder / "generation_config.json").unlink(missing_ok=True)
    elif form == "safetensors":
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    else:
        torch.save(tensors if form == "old-bin" else as_state_dict(tensors),
                   folder / "pytorch_model.bin", _use_new_zipfile_serialization=form == "bin")


def as_state_dict(tensors):
    """An OrderedDict with version notes, as module.state_dict() gives it."""
    from collections import OrderedDict
    state = OrderedDict(tensors)
    state._metadata = OrderedDict({"": {"version": 1}})
    return state


@torch.no_grad()
def greedy(model, tokens, count, margin=0.0):
    continuation, cache, row = [], None, list(tokens)
    for _ in range(count):
        result = model(torch.tensor([row]), past_key_values=cache, use_cache=True)
        cache = result.past_key_values
        first, second = result.logits[0, -1].topk(2).values.tolist()
        assert first - second >= margin, "a tie: choose another seed"
        row = [int(result.logits[0, -1].argmax())]
        continuation += row
    return continuation


def make_models():
    for number, (name, (overrides, storage)) in enumerate(VARIANTS.items()):
        folder = GOLDEN / "models" / name
        model = random_model(overrides, SEED + number)
        if "dtype" in storage:  # the truth is the stored numbers, computed with in f32
            model = model.to(storage["dtype"]).to(torch.float32)
        write_checkpoint(model, folder, **storage)
        tokens = [random.Random(SEED + number).randrange(64) for _ in range(12)]
        with torch.no_grad():
            logits = model(torch.tensor([tokens])).logits[0]
        expected = {"tokens": tokens, "greedy": greedy(model, tokens, 12, margin=1e-3),
                    "logits": [[float(f"{value:.7g}") for value in row] for row in logits.tolist()]}
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{name:24} {size:7} bytes")


OWN_TEXTS = [
    "", " ", "a", "  two  spaces  and\ttabs\t\t here ", "line\nfeed\r\nreturn\n\n\n  indented\n   ",
    "I'm sure they'll say it's what we've done, and you'd think she're 'S 'LL 'Ve d't 's's",
    "Numbers 1 22 333 4444, 3.14159, 0xFF, 1e-5; Roman Ⅷ, half ½, Arabic ٣٤٥, Devanagari १२३",
    "Ünïcödé naïve café, straße, Łódź, Ελλάδα, Москва, עברית, العربية, हिन्दी, ไทย, 한국어",
    "日本語の文章と、中文的句子。", "🙂 👩‍🚀 🇩🇪 ❤️ \U0001F9D1\U0001F3FD‍\U0001F4BB",
    "no-break\u00a0space, next\u0085line, ogham\u1680mark, vowel\u180eseparator, line\u2028separator,"
    " narrow\u202fspace, ideographic\u3000space, zero\u200bwidth, byte\ufefforder",
    "file\u001cgroup\u001drecord\u001eunit\u001f bell\u0007 nul\u0000 delete\u007f",
    "combining e\u0301 and a\u0308, underscore_words and CamelCase, kebab-case, snake_case_9",
    "<|endoftext|>", "before<|endoftext|>after", "<|endoftext|><|endoftext|> <|endoftext|>\n",
    "<|endoftext |> <|endoftex", "for (int i = 0; i < n; ++i) { sum += x[i] * w[i]; }  // done\n",
    "!!! ??? ... --- === *** ((([[[{{{ }}}]]])))", "trailing spaces     ", "     leading spaces",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 5, " \n \n\t \u00a0 \u3000x",
    "The keeper of the lighthouse counted the lamps twice, then wrote the number down.",
]


def random_texts(count):
    """Strings of characters from many blocks, spaces and apostrophes among them."""
    draw = random.Random(SEED)
    pools = [" ", " ", "'", "\n", "etaoinshrdlu", "ETAOIN", "0123456789", ".,;:!?-_/\\\"()",
             [chr(c) for c in range(0x20, 0x7f)], [chr(c) for c in range(0xa0, 0x250)],
             [chr(c) for c in range(0x370, 0x500)], [chr(c) for c in range(0x900, 0x970)],
             [chr(c) for c in range(0x2000, 0x2070)], [chr(c) for c in range(0x2150, 0x2190)],
             [chr(c) for c in range(0x4e00, 0x4e80)], [chr(c) for c in range(0x1f600, 0x1f640)]]
    return ["".join(draw.choice(draw.choice(pools)) for _ in range(draw.randrange(1, 60)))
            for _ in range(count)]


def make_tokenizer(folder):
    from tokenizers import Tokenizer, AddedToken, decoders, models, pre_tokenizers
    tokenizer = Tokenizer(models.BPE.from_file(str(folder / "encoder.json"),
                                               str(folder / "vocab.bpe")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("<|endoftext|>", normalized=False)])
    cases = [{"text": text, "ids": tokenizer.encode(text).ids}
             for text in OWN_TEXTS + random_texts(120)]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (GOLDEN / "tokenizer.json").write_text(f"[\n{lines}\n]\n")
    print(f"{len(cases)} texts, {sum(len(case['ids']) for case in cases)} ids")


def run_program(binary, *arguments):
    command = [str(binary), *map(str, arguments), "--json", "-"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare_tokenizers(folder, binary):
    """Ids of our own texts by the folder's tokenizer files, as transformers reads them and as we do."""
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tale = subprocess.run([str(binary), "tale", "--tales", "5"], check=True, capture_output=True,
                          text=True).stdout
    texts = OWN_TEXTS + random_texts(120) + [tale]
    different = 0
    for text in texts:
        ours = subprocess.run([str(binary), "tokenize", "--model", str(folder)], check=True,
                              capture_output=True, input=text.encode()).stdout
        different += json.loads(ours) != tokenizer.encode(text)
    print(f"{folder}: {len(texts) - different} of {len(texts)} texts give the same ids")


def compare(folder, binary, prompt_tokens, new_tokens):
    torch.set_num_threads(1)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    draw = random.Random(SEED)
    tokens = [draw.randrange(model.config.vocab_size) for _ in range(prompt_tokens)]
    text = " ".join(map(str, tokens))
    with torch.no_grad():
        truth = model(torch.tensor([tokens])).logits[0, -1]
    started = time.perf_counter()
    ours = torch.tensor(run_program(binary, "logits", "--model", folder, "--tokens", text)["logits"])
    seconds = time.perf_counter() - started
    difference = ((ours - truth).abs().max() / truth.abs().max()).item()
    print(f"{folder}: {prompt_tokens} tokens, max |difference| / max |logit| = {difference:.2e} "
          f"({seconds:.2f} s with start and loading)")
    generated = run_program(binary, "generate", "--model", folder, "--tokens", text, "--policy", "full",
                            "--max-new-tokens", new_tokens, "--ignore-eos")["result"]["tokens"]
    expected = greedy(model, tokens, new_tokens)
    same = next((i for i, pair in enumerate(zip(expected, generated)) if pair[0] != pair[1]),
                min(len(expected), len(generated)))
    print(f"{folder}: {same} of {new_tokens} greedy tokens equal")
    if (pathlib.Path(folder) / "tokenizer.json").exists():
        compare_tokenizers(folder, binary)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("models")
    commands.add_parser("tokenizer").add_argument("directory", type=pathlib.Path)
    parity = commands.add_parser("parity")
    parity.add_argument("directory", type=pathlib.Path)
    parity.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/sketchscope")
    parity.add_argument("--prompt-tokens", type=int, default=128)
    parity.add_argument("--new-tokens", type=int, default=128)
    arguments = parser.parse_args()
    if arguments.command == "models":
        make_models()
    elif arguments.command == "tokenizer":
        make_tokenizer(arguments.directory)
    else:
        compare(arguments.directory, arguments.binary, arguments.prompt_tokens, arguments.new_tokens)


if __name__ == "__main__":
    main()
