#pragma once

#include <span>
#include <string_view>

namespace sketchscope::text {

/// The rules by which the tokenizers of one family cut a text. GGUF files give only the name of
/// these rules.
struct PreTokenizerName {
  std::string_view name;
  std::string_view pattern;   ///< empty means GPT-2's pattern
  bool digits_alone = false;  ///< cuts out every digit before the pattern is applied
  bool ignore_merges = false;
  bool adds_start_token = false;
  bool composes = false;  ///< brings the text to normalization form C first
};

std::span<const PreTokenizerName> pre_tokenizer_names();

}  // namespace sketchscope::text
