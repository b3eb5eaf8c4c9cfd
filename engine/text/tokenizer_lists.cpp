#include "engine/text/tokenizer_lists.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/text/character_map.hpp"
#include "engine/text/pre_names.hpp"
#include "engine/text/pre_tokenizer.hpp"
#include "engine/text/tokenizer_json.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

void require_length(std::size_t found, const std::string& what, const TokenizerLists& lists) {
  if (found == lists.tokens.size()) return;
  throw core::Error({.what = "the " + what + " of " + lists.source,
                     .found = std::to_string(found) + " of them",
                     .expected = std::to_string(lists.tokens.size()) + ", one for each token",
                     .remedy = "fetch the file again"});
}

int type_of(const TokenizerLists& lists, std::size_t id) {
  return lists.types.empty() ? TokenizerLists::normal : lists.types[id];
}

void add_entries(const TokenizerLists& lists, TokenizerParts& parts) {
  for (std::size_t i = 0; i < lists.tokens.size(); ++i) {
    const int id = static_cast<int>(i);
    const std::string& text = lists.tokens[i];
    parts.vocabulary.add(id, text, lists.source);
    const int type = type_of(lists, i);
    const bool own =
        type == TokenizerLists::user_defined && lists.kind == TokenizerLists::Kind::llama;
    if (own) parts.normalized_symbols.push_back({.text = text, .id = id});
    if (type == TokenizerLists::control || (type == TokenizerLists::user_defined && !own)) {
      parts.added_tokens.push_back(
          {.text = text, .id = id, .special = type == TokenizerLists::control});
    }
    if (type == TokenizerLists::unknown) parts.options.unknown = id;
  }
}

/// Calls `use` with the two parts of a text at each place between two of its characters.
template <typename Use>
void for_each_cut(std::string_view text, Use use) {
  for (std::size_t at = utf8_character_length(text); at > 0 && at < text.size();) {
    use(std::string(text.substr(0, at)), std::string(text.substr(at)));
    const std::size_t length = utf8_character_length(text.substr(at));
    if (length == 0) return;
    at += length;
  }
}

/// Orders the merges by the score of the entry that they make, highest first, since SentencePiece
/// applies them in that order.
void add_scored_merges(const TokenizerLists& lists, TokenizerParts& parts) {
  std::vector<std::size_t> by_score;
  for (std::size_t i = 0; i < lists.tokens.size(); ++i) {
    if (type_of(lists, i) == TokenizerLists::normal) by_score.push_back(i);
  }
  std::ranges::stable_sort(by_score, std::ranges::greater{},
                           [&](std::size_t i) { return lists.scores[i]; });
  const auto merges_into = [&](const std::string& half) {
    const auto id = parts.vocabulary.find(half);
    return id && type_of(lists, static_cast<std::size_t>(*id)) == TokenizerLists::normal;
  };
  for (const std::size_t i : by_score) {
    for_each_cut(lists.tokens[i], [&](std::string left, std::string right) {
      if (merges_into(left) && merges_into(right)) {
        parts.merges.push_back({std::move(left), std::move(right)});
      }
    });
  }
}

void fill_llama(const TokenizerLists& lists, TokenizerParts& parts) {
  require_length(lists.scores.size(), "scores", lists);
  if (std::ranges::count(lists.types, int{TokenizerLists::unused}) > 0) {
    throw UnsupportedTokenizer("type", lists.source, "unused entries", "entries that are used");
  }
  parts.options.fuse_unknown = true;
  parts.options.byte_fallback =
      std::ranges::count(lists.types, int{TokenizerLists::byte}) > 0 || lists.types.empty();
  add_scored_merges(lists, parts);
  if (!lists.character_map.empty()) {
    parts.normalizer.push_back(character_map_step(lists.character_map, lists.source));
  }
  if (lists.removes_extra_spaces) parts.normalizer.push_back(single_spaces_step());
  if (lists.adds_space_prefix) parts.normalizer.push_back(prepend_step(std::string(kSpaceMark)));
  parts.normalizer.push_back(replace_step(" ", std::string(kSpaceMark)));
  parts.decoder = {replace_decoder(std::string(kSpaceMark), " "), byte_fallback_decoder(),
                   fuse_decoder()};
  if (lists.adds_space_prefix) parts.decoder.push_back(strip_decoder(" ", 1, 0));
}

const PreTokenizerName& find_pre(const TokenizerLists& lists) {
  const auto names = pre_tokenizer_names();
  const auto found = std::ranges::find(names, lists.pre, &PreTokenizerName::name);
  if (found != names.end()) return *found;
  throw UnsupportedTokenizer("tokenizer.ggml.pre", lists.source, "'" + lists.pre + "'",
                             known_pre_tokenizers());
}

void fill_gpt2(const TokenizerLists& lists, const PreTokenizerName& pre, TokenizerParts& parts) {
  parts.options.byte_level = true;
  parts.options.ignore_merges = pre.ignore_merges;
  for (const auto& merge : lists.merges) {
    parts.merges.push_back(merge_of_line(merge, "a merge of " + lists.source));
  }
  if (pre.composes) parts.normalizer.push_back(normal_form_step(NormalForm::nfc));
  const auto isolate = [&](const std::string& pattern) {
    parts.pre_tokenizer.push_back(
        split_at_pattern(TextPattern(pattern, lists.pre), MatchPlace::isolated));
  };
  if (pre.digits_alone) isolate(R"(\p{N})");
  isolate(pre.pattern.empty() ? gpt2_pattern() : std::string(pre.pattern));
  parts.decoder = {printable_decoder()};
}

int checked_id(int id, const TokenizerLists& lists) {
  if (id >= 0 && id < static_cast<int>(lists.tokens.size())) return id;
  throw core::Error({.what = "a special token of " + lists.source,
                     .found = std::to_string(id),
                     .expected = "an id below " + std::to_string(lists.tokens.size()),
                     .remedy = "fetch the file again"});
}

}  // namespace

std::string known_pre_tokenizers() {
  std::vector<std::string_view> names;
  for (const auto& pre : pre_tokenizer_names()) names.push_back(pre.name);
  return core::join(names);
}

TokenizerParts parts_of_lists(const TokenizerLists& lists) {
  TokenizerParts parts;
  parts.source = lists.source;
  if (!lists.types.empty()) require_length(lists.types.size(), "types", lists);
  add_entries(lists, parts);
  bool adds_start = true;
  if (lists.kind == TokenizerLists::Kind::gpt2) {
    const PreTokenizerName& pre = find_pre(lists);
    fill_gpt2(lists, pre, parts);
    adds_start = pre.adds_start_token;
  } else {
    fill_llama(lists, parts);
  }
  for (const int id : lists.end_tokens) parts.end_tokens.push_back(checked_id(id, lists));
  if (!parts.end_tokens.empty()) parts.end_token = parts.end_tokens.front();
  if (lists.start_token) {
    parts.start_token = checked_id(*lists.start_token, lists);
    if (lists.adds_start_token.value_or(adds_start)) parts.before_text = {*parts.start_token};
  }
  if (lists.adds_end_token && !parts.end_tokens.empty()) {
    parts.after_text = {parts.end_tokens.front()};
  }
  parts.chat_template = lists.chat_template;
  return parts;
}

}  // namespace sketchscope::text
