#include "engine/text/pre_names.hpp"

namespace sketchscope::text {
namespace {

constexpr std::string_view kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kTekken =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"(|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

constexpr PreTokenizerName kNames[] = {
    {.name = "gpt-2", .pattern = ""},
    {.name = "smollm", .pattern = "", .digits_alone = true},
    {.name = "starcoder", .pattern = "", .digits_alone = true},
    {.name = "refact", .pattern = "", .digits_alone = true},
    {.name = "llama-bpe", .pattern = kLlama3, .ignore_merges = true, .adds_start_token = true},
    {.name = "llama3", .pattern = kLlama3, .ignore_merges = true, .adds_start_token = true},
    {.name = "qwen2", .pattern = kQwen2, .composes = true},
    {.name = "deepseek-r1-qwen", .pattern = kQwen2, .composes = true},
    {.name = "tekken", .pattern = kTekken, .ignore_merges = true, .adds_start_token = true},
};

}  // namespace

std::span<const PreTokenizerName> pre_tokenizer_names() {
  return kNames;
}

}  // namespace sketchscope::text
