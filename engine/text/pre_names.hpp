#pragma once

#include <span>
#include <string_view>

namespace sketchscope::text {

/// How the tokenizers of one family cut a text, by the name that GGUF gives it.
struct PreTokenizerName {
  std::string_view name;
  std::string_view pattern;   ///< empty: GPT-2's
  bool digits_alone = false;  ///< every digit by itself, before the pattern
  bool ignore_merges = false;
  bool adds_start_token = false;
  bool composes = false;  ///< normalization form C comes first
};

std::span<const PreTokenizerName> pre_tokenizer_names();

}  // namespace sketchscope::text
