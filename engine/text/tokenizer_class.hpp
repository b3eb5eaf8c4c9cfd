#pragma once

#include <optional>
#include <string_view>

namespace sketchscope::text {

/// What a tokenizer class of Hugging Face's transformers does that the files need not say. A member
/// is empty where the class does nothing of its own.
struct TokenizerClass {
  std::string_view name;             ///< without the "Fast" at its end
  std::string_view pre_tokenizer;    ///< for vocab.json with merges.txt; see pre_names.hpp
  std::optional<bool> prefix_space;  ///< add_prefix_space where the settings do not have it
  /// add_bos_token where the settings do not have it, for a class that puts what add_bos_token and
  /// add_eos_token say around a text, whatever template tokenizer.json has.
  std::optional<bool> adds_start_token = {};
  std::string_view start_token = {};  ///< bos_token where the settings do not have it
  std::string_view end_token = {};    ///< eos_token where the settings do not have it
};

/// Returns the class of a name; null where it is not known.
const TokenizerClass* find_tokenizer_class(std::string_view name);

/// Returns the name of the class that opens the tokenizer of a family of models whose files name
/// none; empty where it is not known.
std::string_view tokenizer_class_of_family(std::string_view model_type);

}  // namespace sketchscope::text
