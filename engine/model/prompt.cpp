#include "engine/model/prompt.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::model {
namespace {

/// Returns what stands between spaces or, in a JSON array, between commas. Half an array stays as
/// it is, so that it is refused.
std::vector<std::string> words_of_ids(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kWhite);
  if (begin == std::string_view::npos) return {};
  std::string list(text.substr(begin, text.find_last_not_of(kWhite) + 1 - begin));
  if (list.size() >= 2 && list.front() == '[' && list.back() == ']') {
    list = list.substr(1, list.size() - 2);
    std::ranges::replace(list, ',', ' ');
  }
  std::istringstream parts(list);
  return {std::istream_iterator<std::string>(parts), {}};
}

}  // namespace

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

std::vector<int> first_tokens(const LoadedModel& model, std::string_view text, int most) {
  return tokenizer_of(model).encode(text, {.most = static_cast<std::size_t>(most)});
}

std::vector<int> parse_token_ids(std::string_view text) {
  std::vector<int> ids;
  for (const std::string& word : words_of_ids(text)) {
    const auto id = core::parse_number<int>(word);
    if (!id || *id < 0) {
      throw core::UsageError({.what = "token ids",
                              .found = "'" + word + "'",
                              .expected = "whole numbers from 0, as in \"1 2\" or \"[1,2]\""});
    }
    ids.push_back(*id);
  }
  return ids;
}

}  // namespace sketchscope::model
