#include "engine/model/prompt.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/text/chat_template.hpp"

namespace sketchscope::model {
namespace {

/// Returns whether a comma has no element before or behind it.
bool has_empty_element(std::string_view elements) {
  if (elements.find(',') == std::string_view::npos) return false;
  std::istringstream parts(std::string(elements) + ",");
  for (std::string part; std::getline(parts, part, ',');) {
    if (part.find_first_not_of(" \t\r\n") == std::string::npos) return true;
  }
  return false;
}

/// Returns what stands between spaces or, in a JSON array, between commas. Half an array stays as
/// it is, so that it is refused.
std::vector<std::string> words_of_ids(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kWhite);
  if (begin == std::string_view::npos) return {};
  std::string list(text.substr(begin, text.find_last_not_of(kWhite) + 1 - begin));
  if (list.size() >= 2 && list.front() == '[' && list.back() == ']') {
    // A list that lacks an id beside a comma is kept as one word, which is then refused as no id.
    const std::string elements = list.substr(1, list.size() - 2);
    if (has_empty_element(elements)) return {list};
    list = elements;
    std::ranges::replace(list, ',', ' ');
  }
  std::istringstream parts(list);
  return {std::istream_iterator<std::string>(parts), {}};
}

}  // namespace

namespace {

/// Returns the text of a special token; empty for none.
std::string special_text(const text::Tokenizer& tokenizer, std::optional<int> token) {
  return token ? std::string(tokenizer.bytes_of(*token)) : std::string();
}

/// Returns the one token that a tokenizer puts before every text; nullopt for none.
std::optional<int> only_token_before_text(const text::Tokenizer& tokenizer) {
  const std::vector<int>& before = tokenizer.tokens_before_text();
  if (!tokenizer.adds_start_token()) return std::nullopt;
  if (before.size() == 1) return before.front();
  throw core::UsageError({.what = "start token of the tokenizer",
                          .found = std::to_string(before.size()) + " tokens before every text",
                          .expected = "one at most, where a text is cut into chunks",
                          .remedy = "Choose --bos on for the first of them alone, or --bos off"});
}

}  // namespace

std::optional<int> start_token(const LoadedModel& model, StartToken wanted) {
  const text::Tokenizer* const tokenizer = model.tokenizer.get();
  if (wanted == StartToken::off) return std::nullopt;
  const auto own = tokenizer != nullptr ? tokenizer->start_token() : std::nullopt;
  if (wanted == StartToken::automatic) {
    return tokenizer != nullptr ? only_token_before_text(*tokenizer) : std::nullopt;
  }
  if (own) return own;
  const int start = model.model->config().start_of_text;
  if (start != kNoToken) return start;
  throw core::UsageError({.what = "start token of model " + model.name,
                          .found = "none in its files",
                          .expected = "bos_token or bos_token_id",
                          .remedy = "Leave it out, or write one into the text"});
}

std::vector<int> prompt_tokens(const LoadedModel& model, std::string_view text, StartToken start) {
  if (text.empty()) {
    const ModelConfig& config = model.model->config();
    if (config.start_of_text != kNoToken) return {config.start_of_text};
    if (!config.ends_of_text.empty()) return {config.ends_of_text.front()};
    throw core::Error({.what = "prompt is empty and the model names no token to start a text from",
                       .remedy = "Give a prompt"});
  }
  if (!model.tokenizer) return parse_token_ids(text);
  std::vector<int> tokens = model.tokenizer->encode(text);
  if (start == StartToken::off) return tokens;
  const bool started = !tokens.empty() && model.tokenizer->start_token() == tokens.front();
  if (started) return tokens;
  if (start == StartToken::automatic) {
    return model.tokenizer->encode(text, {.add_special_tokens = true});
  }
  const int first = *start_token(model, start);
  if (tokens.empty() || tokens.front() != first) tokens.insert(tokens.begin(), first);
  return tokens;
}

std::string chat_text(const LoadedModel& model, std::string_view system, std::string_view user) {
  const text::Tokenizer& tokenizer = tokenizer_of(model);
  const std::string start = special_text(tokenizer, tokenizer.start_token());
  const std::string end = special_text(tokenizer, tokenizer.end_token());
  return text::apply_chat_template(tokenizer.chat_template(), {.start = start, .end = end}, system,
                                   user);
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
