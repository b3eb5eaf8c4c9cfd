#!/usr/bin/env python3
"""Writes tests/golden/tokenizers: small tokenizers of many kinds, and what Hugging Face and
SentencePiece make of texts of our own with them.

    make_tokenizer_golden.py --program build/release/sketchscope

Needs `pip install tokenizers transformers sentencepiece` in an environment of its own; the program
prints the tales that the vocabularies are trained on. The build and its tests never need it.
"""

import argparse
import base64
import io
import json
import pathlib
import random
import subprocess
import tempfile

import sentencepiece
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "tokenizers"
MARK = "\u2581"
GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
          r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
          r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
          r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")

# What one of the SentencePiece models replaces: texts of one and more characters, one by nothing.
RULES = [("\u00a0", " "), ("\t", " "), ("\n", " "), ("e\u0301", "\u00e9"), ("\ufb01", "fi"),
         ("A", "a"), ("T", "t"), ("\u2460", "1"), ("\u200b", ""), ("...", "\u2026")]


def make_texts():
    """Texts in many scripts, of white space, marks and digits, and of random characters."""
    texts = [
        "", " ", "  ", "\n", "a", " a", "  a  b ", "the lantern in the mill",
        "The miller's daughter said they'll wait; I'm sure we've 2 DAYS, don't 'S 'LL",
        "line\nfeed\r\nreturn\n\n\n  indented\n   ", "tab\there\t\tand\x0bthere \u00a0 \u2003 wide",
        "1 12 123 1234 12345 3.14159 1,000,000 ½ ² Ⅷ ٣٤ ४२", "under_score snake_case --dash-- a.b.c",
        "Čeština, žluťoučký kůň úpěl", "Ελληνικά ΚΑΙ ΤΌΝΟΣ", "Привет, мир! Ещё раз", "שלום עולם",
        "مرحبا بالعالم", "हिन्दी में लिखा", "ภาษาไทย", "ქართული", "日本語の文章。カタカナ", "中文，没有空格",
        "한국어 문장", "ខ្មែរ", "emoji 🙂 👩‍👩‍👧 🇨🇿 ❤️", "e\u0301 \u00e9 \u1e9b\u0323 ﬁ ① ㎏ Å \u212b",
        "İstanbul ıI ſ ß ẞ Ǆ", "nul\x00 bell\x07 del\x7f \u0085 \u180e \u200b \u2028 \ufeff \ufffd",
        "<s> text </s>", "<|pad|>he<|pad|> <|pad|>\n<|pad|>", "say<word>this <word> or<word> <word>",
        "before <left> after", "before  <right>  after", "NORM norm Norm", "x" * 70, "ab " * 30,
        " " * 50 + "end", "!?!?!?...", "a\n \n b", "'s\u00e9's '\u00e9", f"{MARK}marks{MARK}{MARK}here",
        "user one USER two", "<0x41><0x0A>", "\U000105c0's \U00031350's \U00010d40's \u0897's",
        "ⓐⓑ a\u200db _x_ \u203f", "CamelCase HTTPServer iPhone fooBAR",
    ]
    draw = random.Random(7)
    blocks = [(0x20, 0x7F), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x530), (0x590, 0x700),
              (0x900, 0xE00), (0x1E00, 0x2070), (0x2000, 0x2C00), (0x3040, 0x3100),
              (0x4E00, 0x4F00), (0xAC00, 0xAD00), (0xFB00, 0xFB50), (0xFF00, 0xFFF0),
              (0x10400, 0x10480), (0x1F300, 0x1F680), (0x20000, 0x20080)]
    for _ in range(24):
        block = draw.choice(blocks)
        texts.append("".join(chr(draw.randrange(*draw.choice([block, blocks[0]])))
                             for _ in range(draw.randrange(1, 40))))
    return texts


def train_bytes(corpus, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(corpus, trainer)
    return json.loads(tokenizer.to_str())["model"]


def train_characters(corpus, size, fallback):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=fallback, fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<unk>", "<s>", "</s>"]
    special += [f"<0x{byte:02X}>" for byte in range(256)] if fallback else []
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, special_tokens=special,
                                  limit_alphabet=60)
    tokenizer.train_from_iterator(corpus, trainer)
    return json.loads(tokenizer.to_str())["model"]


def train_words(corpus, size):
    """A vocabulary whose entries carry the end of a word, as CLIP's do."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, special_tokens=["<unk>"],
                                  end_of_word_suffix="</w>", limit_alphabet=60)
    tokenizer.train_from_iterator(corpus, trainer)
    return json.loads(tokenizer.to_str())["model"]


def added(content, token_id, **flags):
    return {"id": token_id, "content": content, "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False, "special": True} | flags


def template(before, after=()):
    name = lambda token: {"SpecialToken": {"id": token[0], "type_id": 0}}
    ids = {t: {"id": t, "ids": [i], "tokens": [t]} for t, i in [*before, *after]}
    single = [*map(name, before), {"Sequence": {"id": "A", "type_id": 0}}, *map(name, after)]
    pair = single + [{"Sequence": {"id": "B", "type_id": 1}}]
    return {"type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": ids}


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def byte_level(prefix=False, regex=True):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True,
            "use_regex": regex}


def sequence(member, *steps):
    return {"type": "Sequence", member: list(steps)}


def metaspace(scheme="always", cut=True):
    return {"type": "Metaspace", "replacement": MARK, "prepend_scheme": scheme, "split": cut}


def byte_variants(size):
    """Variants of the byte-level vocabulary: name -> what differs from GPT-2's tokenizer.json."""
    pad = [added("<|pad|>", size), added("<s>", size + 1)]
    flags = [added("<left>", size, lstrip=True), added("<right>", size + 1, rstrip=True),
             added("<word>", size + 2, single_word=True), added("<|pad|>", size + 3),
             added("<|pad|>he", size + 4, special=False), added(" <s", size + 5)]
    normalized = [added("NORM", size, normalized=True, special=False),
                  added("user", size + 1, normalized=True, special=False, single_word=True),
                  added("<s>", size + 2)]
    pre = lambda *steps: {"pre_tokenizer": sequence("pretokenizers", *steps)}
    digits = lambda alone: {"type": "Digits", "individual_digits": alone}
    plain = byte_level(regex=False)
    variants = {
        "gpt2": {},
        "prefix-space": {"pre_tokenizer": byte_level(prefix=True), "added_tokens": pad},
        "no-pattern": {"pre_tokenizer": plain},
        "smollm": pre(digits(True), byte_level()),
        "digit-runs": pre(digits(False), byte_level()),
        "llama3": pre(split(LLAMA3), plain) | {"model": {"ignore_merges": True}},
        "qwen2": pre(split(QWEN2), plain) | {"normalizer": {"type": "NFC"}},
        "tekken": pre(split(TEKKEN), plain) | {"model": {"ignore_merges": True}},
        "gpt2-by-split": pre(split(GPT2), plain),
        "added-flags": {"added_tokens": flags},
        "added-normalized": {"added_tokens": normalized, "normalizer": {"type": "Lowercase"}},
        "start-token": {"added_tokens": pad, "post_processor": sequence(
            "processors", byte_level(), template([("<s>", size + 1)]))},
        "start-and-end": {"added_tokens": pad, "post_processor": template(
            [("<s>", size + 1)], [("<|pad|>", size)])},
        "roberta": {"added_tokens": pad, "post_processor": {
            "type": "RobertaProcessing", "sep": ["<|pad|>", size], "cls": ["<s>", size + 1],
            "trim_offsets": True, "add_prefix_space": False}},
        "byte-level-first": pre(byte_level(), split("Ġ", "MergedWithNext", kind="String")),
        "punctuation": pre({"type": "Punctuation", "behavior": "Contiguous"}, plain),
        "white-space": pre({"type": "Whitespace"}, plain),
        "white-space-split": pre({"type": "WhitespaceSplit"}, plain),
        "delimiter": pre({"type": "CharDelimiterSplit", "delimiter": "a"}, plain),
        "words": pre(split(r"\w+", "Removed", invert=True), plain),
        "empty-matches": pre(split(r"(?=[A-Z])"), plain),
        "bounds": pre(split(r"\b\w"), plain),
        "byte-normalizer": {"normalizer": {"type": "ByteLevel"}, "pre_tokenizer": None},
    }
    for behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
        for invert in (False, True):
            name = f"split-{behavior}{'-inverted' if invert else ''}"
            variants[name] = pre(split(r"[aeiou\s]", behavior, invert), plain)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        variants[form] = {"normalizer": {"type": form}}
    lower = sequence("normalizers", {"type": "NFD"}, {"type": "StripAccents"},
                     {"type": "Lowercase"}, {"type": "Strip", "strip_left": True,
                                             "strip_right": True},
                     {"type": "Replace", "pattern": {"Regex": r"\d+"}, "content": "#"},
                     {"type": "Replace", "pattern": {"String": "ll"}, "content": "L"})
    variants["rewritten"] = {"normalizer": lower}
    base = {"normalizer": None, "pre_tokenizer": byte_level(), "added_tokens": [],
            "post_processor": None, "decoder": byte_level(), "model": {}}
    return {name: base | {"vocabulary": "bytes"} | v for name, v in variants.items()}


def character_variants():
    llama = {"normalizer": sequence(
                 "normalizers", {"type": "Prepend", "prepend": MARK},
                 {"type": "Replace", "pattern": {"String": " "}, "content": MARK}),
             "decoder": sequence(
                 "decoders", {"type": "Replace", "pattern": {"String": MARK}, "content": " "},
                 {"type": "ByteFallback"}, {"type": "Fuse"},
                 {"type": "Strip", "content": " ", "start": 1, "stop": 0})}
    special = [added("<unk>", 0), added("<s>", 1), added("</s>", 2)]
    fallback = {"unk_token": "<unk>", "byte_fallback": True, "fuse_unk": True}
    unknown = {"unk_token": "<unk>", "fuse_unk": True}
    mark_decoder = {"decoder": metaspace()}
    variants = {
        "llama": llama | {"post_processor": template([("<s>", 1)])},
        "metaspace-first": mark_decoder | {"pre_tokenizer": metaspace("first", False)},
        "metaspace-always": mark_decoder | {"pre_tokenizer": metaspace()},
        "metaspace-never": {"pre_tokenizer": metaspace("never"), "decoder": metaspace("never")},
        "no-decoder": {"pre_tokenizer": metaspace()},
        "digits-and-metaspace": mark_decoder | {"pre_tokenizer": sequence(
            "pretokenizers", {"type": "Digits", "individual_digits": True}, metaspace("first"))},
    }
    base = {"normalizer": None, "pre_tokenizer": None, "added_tokens": special,
            "post_processor": None, "decoder": None}
    found = {}
    for name, variant in variants.items():
        found[name] = base | {"vocabulary": "fallback", "model": fallback} | variant
    found["unknown-fused"] = base | {"vocabulary": "characters", "model": unknown} | llama
    found["unknown-apart"] = found["unknown-fused"] | {"model": unknown | {"fuse_unk": False}}
    found["word-ends"] = base | {
        "vocabulary": "words", "pre_tokenizer": {"type": "Whitespace"},
        "model": {"unk_token": "<unk>", "end_of_word_suffix": "</w>"},
        "added_tokens": [added("<unk>", 0)], "decoder": {"type": "BPEDecoder", "suffix": "</w>"}}
    return found


def expect(variant, vocabularies, texts):
    """Adds the ids with and without special tokens, and the decoded texts."""
    vocabulary = vocabularies[variant["vocabulary"]]
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
             "ignore_merges": False} | variant["model"] | vocabulary
    whole = {k: v for k, v in variant.items() if k != "vocabulary"} | {"model": model}
    tokenizer = Tokenizer.from_str(json.dumps(
        {"version": "1.0", "truncation": None, "padding": None} | whole))
    ids = [tokenizer.encode(t, add_special_tokens=False).ids for t in texts]
    whole_ids = tokenizer.encode("the mill", add_special_tokens=True).ids
    draw = random.Random(11)
    size = tokenizer.get_vocab_size()
    sequences = ids + [[draw.randrange(size + 2) for _ in range(12)] for _ in range(6)]
    decoded = [tokenizer.decode(s, skip_special_tokens=False) for s in sequences]
    return variant | {"ids": ids, "with_special": whole_ids, "more": sequences[len(ids):],
                      "decoded": [None if i < len(texts) and d == texts[i] else d
                                  for i, d in enumerate(decoded)]}


def train_pieces(corpus, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus), model_writer=model, model_type="bpe",
        minloglevel=2, **options)
    return model.getvalue()


def piece_cases(corpus, texts):
    rules = tempfile.NamedTemporaryFile("w", suffix=".tsv")  # a small precompiled_charsmap
    for source, target in RULES:
        code = lambda text: " ".join(f"{ord(c):X}" for c in text)
        print(code(source), code(target), sep="\t", file=rules, flush=True)
    rules_file = rules.name
    options = {
        "llama": dict(vocab_size=480, byte_fallback=True, normalization_rule_name="identity",
                      remove_extra_whitespaces=False, character_coverage=0.99),
        "rules": dict(vocab_size=300, character_coverage=0.99, normalization_rule_tsv=rules_file),
        "user-symbols": dict(vocab_size=300, user_defined_symbols=["user", "<word>", "NORM"],
                             normalization_rule_name="identity"),
        "no-prefix": dict(vocab_size=480, byte_fallback=True, add_dummy_prefix=False,
                          split_digits=True, normalization_rule_name="identity"),
    }
    cases = {}
    for name, chosen in options.items():
        model = train_pieces(corpus, **chosen)
        processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        usable = [t for t in texts if "\x00" not in t and "<s>" not in t and MARK not in t]
        cases[name] = {"model": base64.b64encode(model).decode(), "texts": usable,
                       "ids": [processor.encode(t) for t in usable]}
    return cases


LAYOUT_CONFIGS = {
    "pair": {},
    "added-json": {"added_tokens.json": {"<|pad|>": 421, "<word>": 422},
                   "special_tokens_map.json": {"pad_token": "<|pad|>"}},
    "special-map-alone": {"special_tokens_map.json": {
        "pad_token": "<|pad|>", "additional_special_tokens": ["<word>", "<left>"]}},
    "added-decoder": {"tokenizer_config.json": {
        "tokenizer_class": "GPT2Tokenizer", "added_tokens_decoder": {
            "421": {"content": "<left>", "lstrip": True, "rstrip": False, "single_word": False,
                    "normalized": False, "special": True},
            "422": {"content": "<word>", "lstrip": False, "rstrip": True, "single_word": True,
                    "normalized": False, "special": False}}}},
    "prefix-space": {"tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer",
                                               "add_prefix_space": True}},
    "start-token": {"tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer",
                                              "add_bos_token": True, "bos_token": "<|endoftext|>"}},
    "qwen2": {"tokenizer_config.json": {"tokenizer_class": "Qwen2Tokenizer",
                                        "additional_special_tokens": ["<|pad|>"]}},
}


def layout_cases(vocabulary, texts):
    """Directories with vocab.json and merges.txt, as transformers opens them."""
    cases = {}
    vocab = vocabulary["vocab"] | {"<|endoftext|>": len(vocabulary["vocab"])}
    for name, files in LAYOUT_CONFIGS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            contents = {"tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer"}} | files
            for file, value in contents.items():
                (path / file).write_text(json.dumps(value))
            (path / "vocab.json").write_text(json.dumps(vocab))
            (path / "merges.txt").write_text("#version: 0.2\n" + "\n".join(
                " ".join(m) for m in vocabulary["merges"]) + "\n")
            tokenizer = AutoTokenizer.from_pretrained(path)
            cases[name] = {"files": contents,
                           "ids": [tokenizer.encode(t, add_special_tokens=False) for t in texts],
                           "with_special": tokenizer.encode("the mill")}
    return cases


CHATS = {
    "chatml": ("{% for m in messages %}{% if loop.first and m['role'] != 'system' %}"
               "{{ '<|im_start|>system\\nYou are ours.<|im_end|>\\n' }}{% endif %}"
               "{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}"
               "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"),
    "chatml-plain": ("{{ bos_token }}{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + "
                     "m['content'] + '<|im_end|>\n' }}{% endfor %}{{ '<|im_start|>assistant\n' }}"),
    "llama3": ("{{ bos_token }}{% for m in messages %}{{ '<|start_header_id|>' + m['role'] + "
               "'<|end_header_id|>\n\n' + m['content'] + '<|eot_id|>' }}{% endfor %}"
               "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}"),
    "llama3-trimmed": ("{% for message in messages %}{% set content = '<|start_header_id|>' + "
                       "message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + "
                       "'<|eot_id|>' %}{% if loop.first %}{% set content = bos_token + content %}"
                       "{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}"
                       "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"),
    "llama3-dated": ("{{- bos_token }}{% set system = '' %}{% if messages[0]['role'] == 'system' %}"
                     "{% set system = messages[0]['content'] | trim %}"
                     "{% set messages = messages[1:] %}{% endif %}"
                     "{{- '<|start_header_id|>system<|end_header_id|>\n\n' }}"
                     "{{- 'Cutting Knowledge Date: December 2023\n' }}"
                     "{{- 'Today Date: 26 Jul 2024\n\n' + system + '<|eot_id|>' }}"
                     "{% for m in messages %}{{- '<|start_header_id|>' + m['role'] + "
                     "'<|end_header_id|>\n\n' + m['content'] | trim + '<|eot_id|>' }}{% endfor %}"
                     "{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}"),
    "mistral": ("{{ bos_token }}{% set s = '' %}{% if messages[0]['role'] == 'system' %}"
                "{% set s = messages[0]['content'] + '\n\n' %}{% endif %}"
                "{{ '[INST] ' + s + messages[-1]['content'] + ' [/INST]' }}"),
    "mistral-tight": ("{{ bos_token }}{% set s = '' %}{% if messages[0]['role'] == 'system' %}"
                      "{% set s = messages[0]['content'] + '\n\n' %}{% endif %}"
                      "{{ '[INST]' + s + messages[-1]['content'] + '[/INST]' }}"),
    "zephyr": ("{% for m in messages %}{% if m['role'] == 'user' %}{{ '<|user|>\n' + m['content'] + "
               "eos_token }}{% else %}{{ '<|system|>\n' + m['content'] + eos_token }}{% endif %}"
               "{{ '\n' }}{% endfor %}{{ '<|assistant|>\n' }}"),
}


def chat_cases():
    """Templates of our own in the families' forms, and what Jinja makes of them."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()),
                                        bos_token="<s>", eos_token="</s>")
    cases = {}
    for name, jinja in CHATS.items():
        user = {"role": "user", "content": "Where is the lantern?"}
        system = {"role": "system", "content": "Answer in one word."}
        render = lambda messages: tokenizer.apply_chat_template(
            messages, chat_template=jinja, tokenize=False, add_generation_prompt=True)
        padded = [message | {"content": f" {message['content']}\n"} for message in (system, user)]
        cases[name] = {"template": jinja, "alone": render([user]),
                       "with_system": render([system, user]), "padded": render(padded)}
    return cases


def write(name, value):
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    (OUTPUT / name).write_text(text.replace('},"', '},\n"') + "\n")
    print(name, len(text), "bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--chats", action="store_true", help="write chats.json alone")
    options = parser.parse_args()
    program = options.program
    if options.chats:
        write("chats.json", chat_cases())
        return
    tales = subprocess.run([program, "tale", "--tales", "40"], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    texts = make_texts()
    corpus = tales + texts[7:30]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    vocabularies = {"bytes": train_bytes(corpus, 420),
                    "characters": train_characters(corpus, 260, False),
                    "fallback": train_characters(corpus, 480, True),
                    "words": train_words(corpus, 260)}
    vocabularies = {name: {"vocab": model["vocab"], "merges": model["merges"]}
                    for name, model in vocabularies.items()}
    size = len(vocabularies["bytes"]["vocab"])
    variants = byte_variants(size) | character_variants()
    write("tokenizer_json.json", {
        "texts": texts, "vocabularies": vocabularies,
        "variants": {n: expect(v, vocabularies, texts) for n, v in variants.items()}})
    write("sentencepiece.json", piece_cases(corpus, texts))
    write("layouts.json", {"texts": texts, "vocabulary": vocabularies["bytes"],
                           "layouts": layout_cases(vocabularies["bytes"], texts)})
    write("chats.json", chat_cases())


if __name__ == "__main__":
    main()
