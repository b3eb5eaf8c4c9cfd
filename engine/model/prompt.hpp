#pragma once

#include <filesystem>
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

/// The first `most` tokens of a text file. Throws Error on a file that cannot be read and a model
/// without a tokenizer.
std::vector<int> first_tokens(const LoadedModel& model, const std::filesystem::path& text,
                              int most);

/// "1 2 3" as ids. Throws UsageError naming what is not a number.
std::vector<int> parse_token_ids(std::string_view text);

}  // namespace sketchscope
