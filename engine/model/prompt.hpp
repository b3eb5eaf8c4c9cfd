#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model_directory.hpp"
#include "engine/model/start_token.hpp"

namespace sketchscope::model {

/// Returns the start token that a text begins with; nullopt for none. Throws UsageError where one
/// is wanted and the model names none, or where the tokenizer puts several before every text, of
/// which one alone would be another beginning than that of a prompt.
std::optional<int> start_token(const LoadedModel& model, StartToken wanted);

/// Returns the tokens of a prompt; without a tokenizer the text is read as token ids. A text that
/// begins with the start token, as a chat may, gets no second one. An empty text gives the token
/// that begins a text, else one that ends it, if the model has one. Throws Error on a text that
/// cannot be a prompt.
std::vector<int> prompt_tokens(const LoadedModel& model, std::string_view text,
                               StartToken start = StartToken::automatic);

/// Returns what a user says as the model's chat template writes it, up to where the model answers.
/// An empty `system` stands for the template's own. Such a text has all its special tokens, so it
/// is a prompt with StartToken::off. Throws Error on a model without a tokenizer or a template that
/// is understood.
std::string chat_text(const LoadedModel& model, std::string_view system, std::string_view user);

/// Returns the text that prompt_tokens() turns into `tokens`, unless they split it in another way
/// than the tokenizer does.
std::string prompt_text(const LoadedModel& model, const std::vector<int>& tokens);

/// Returns the first `most` tokens of a text. Throws Error on a model without a tokenizer.
std::vector<int> first_tokens(const LoadedModel& model, std::string_view text, int most);

/// Parses ids from a text such as "1 2 3" or "[1,2,3]". Throws UsageError naming what is not a
/// number.
std::vector<int> parse_token_ids(std::string_view text);

}  // namespace sketchscope::model
