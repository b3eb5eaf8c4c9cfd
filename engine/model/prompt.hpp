#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model_directory.hpp"

namespace sketchscope {

/// The tokens of a prompt; without a tokenizer the text is read as token ids. An empty text gives
/// the end-of-text token where the model has one. Throws Error on what cannot be a prompt.
std::vector<int> prompt_tokens(const LoadedModel& model, std::string_view text);

/// What prompt_tokens() reads as `tokens`, but where they split a text as the tokenizer would not.
std::string prompt_text(const LoadedModel& model, const std::vector<int>& tokens);

/// "1 2 3" as ids. Throws UsageError naming what is not a number.
std::vector<int> parse_token_ids(std::string_view text);

}  // namespace sketchscope
