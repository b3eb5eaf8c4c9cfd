#include "engine/text/tokenizer_class.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sketchscope::text {
namespace {

constexpr std::array<TokenizerClass, 9> kClasses{{
    {.name = "GPT2Tokenizer", .pre_tokenizer = "gpt-2", .prefix_space = false},
    {.name = "CodeGenTokenizer", .pre_tokenizer = "gpt-2", .prefix_space = false},
    {.name = "GPTNeoXTokenizer",
     .pre_tokenizer = "gpt-2",
     .prefix_space = false,
     .adds_start_token = false,
     .start_token = "<|endoftext|>",
     .end_token = "<|endoftext|>"},
    {.name = "Qwen2Tokenizer", .pre_tokenizer = "qwen2", .prefix_space = false},
    // The generic class clears add_prefix_space in some versions of transformers and not in others,
    // so the file counts.
    {.name = "PreTrainedTokenizer", .pre_tokenizer = "gpt-2", .prefix_space = {}},
    {.name = "LlamaTokenizer",
     .pre_tokenizer = {},
     .prefix_space = {},
     .adds_start_token = true,
     .start_token = "<s>",
     .end_token = "</s>"},
    {.name = "CodeLlamaTokenizer",
     .pre_tokenizer = {},
     .prefix_space = false,
     .adds_start_token = true,
     .start_token = "<s>",
     .end_token = "</s>"},
    {.name = "CohereTokenizer",
     .pre_tokenizer = {},
     .prefix_space = false,
     .adds_start_token = true,
     .start_token = "<BOS_TOKEN>",
     .end_token = "<|END_OF_TURN_TOKEN|>"},
    {.name = "GemmaTokenizer",
     .pre_tokenizer = {},
     .prefix_space = false,
     .adds_start_token = true,
     .start_token = "<bos>",
     .end_token = "<eos>"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kClassOfFamily{{
    {"gpt2", "GPT2Tokenizer"},
    {"llama", "LlamaTokenizer"},
    {"mistral", "LlamaTokenizer"},
    {"qwen2", "Qwen2Tokenizer"},
    {"qwen3", "Qwen2Tokenizer"},
    {"smollm3", "PreTrainedTokenizer"},
}};

}  // namespace

const TokenizerClass* find_tokenizer_class(std::string_view name) {
  const auto* found = std::ranges::find(kClasses, name, &TokenizerClass::name);
  return found == kClasses.end() ? nullptr : found;
}

std::string_view tokenizer_class_of_family(std::string_view model_type) {
  const auto* found = std::ranges::find(kClassOfFamily, model_type,
                                        &std::pair<std::string_view, std::string_view>::first);
  return found == kClassOfFamily.end() ? std::string_view() : found->second;
}

}  // namespace sketchscope::text
