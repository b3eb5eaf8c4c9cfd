#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model_directory.hpp"

namespace sketchscope::model {

/// Returns the tokens of a prompt; without a tokenizer the text is read as token ids. An empty text
/// gives the token that begins a text, else one that ends it, if the model has one. Throws Error on
/// a text that cannot be a prompt.
std::vector<int> prompt_tokens(const LoadedModel& model, std::string_view text);

/// Returns the text that prompt_tokens() turns into `tokens`, unless they split it in another way
/// than the tokenizer does.
std::string prompt_text(const LoadedModel& model, const std::vector<int>& tokens);

/// Returns the first `most` tokens of a text. Throws Error on a model without a tokenizer.
std::vector<int> first_tokens(const LoadedModel& model, std::string_view text, int most);

/// Parses ids from a text such as "1 2 3" or "[1,2,3]". Throws UsageError naming what is not a
/// number.
std::vector<int> parse_token_ids(std::string_view text);

}  // namespace sketchscope::model
