#include "engine/model/prompt.hpp"

#include <algorithm>
#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::model {

std::vector<int> prompt_tokens(const LoadedModel& model, std::string_view text) {
  if (text.empty()) {
    const ModelConfig& config = model.model->config();
    if (config.start_of_text != kNoToken) return {config.start_of_text};
    if (!config.ends_of_text.empty()) return {config.ends_of_text.front()};
    throw core::Error({.what = "prompt is empty and the model names no token to start a text from",
                       .remedy = "Give a prompt"});
  }
  if (!model.tokenizer) return parse_token_ids(text);
  // A text that begins with the start token, as a chat does, gets no second one.
  std::vector<int> tokens = model.tokenizer->encode(text);
  const bool started = !tokens.empty() && model.tokenizer->start_token() == tokens.front();
  return started ? tokens : model.tokenizer->encode(text, {.add_special_tokens = true});
}

std::string prompt_text(const LoadedModel& model, const std::vector<int>& tokens) {
  if (model.tokenizer) return model.tokenizer->decode(tokens);
  std::string text;
  for (const int token : tokens) text += (text.empty() ? "" : " ") + std::to_string(token);
  return text;
}

std::vector<int> first_tokens(const LoadedModel& model, const std::filesystem::path& text,
                              int most) {
  std::vector<int> tokens = tokenizer_of(model).encode(core::read_file(text));
  tokens.resize(std::min(tokens.size(), static_cast<std::size_t>(most)));
  return tokens;
}

std::vector<int> parse_token_ids(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::vector<int> ids;
  for (std::string word; words >> word;) {
    const auto id = core::parse_number<int>(word);
    if (!id || *id < 0) {
      throw core::UsageError({.what = "token ids",
                              .found = "'" + word + "'",
                              .expected = "whole numbers from 0, separated by spaces"});
    }
    ids.push_back(*id);
  }
  return ids;
}

}  // namespace sketchscope::model
