#include "engine/text/tokenizer_files.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "engine/core/files.hpp"
#include "engine/text/pre_names.hpp"
#include "engine/text/pre_tokenizer.hpp"
#include "engine/text/sentencepiece_model.hpp"
#include "engine/text/tokenizer_json.hpp"
#include "engine/text/tokenizer_settings.hpp"

namespace sketchscope::text {
namespace {

constexpr std::string_view kEndOfText = "<|endoftext|>";

void read_merges_text(const std::filesystem::path& file, TokenizerParts& parts) {
  const std::string text = core::read_text_file(file);
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && !line.starts_with("#version")) {
      parts.merges.push_back(
          merge_of_line(line, file.string() + " line " + std::to_string(number)));
    }
  }
}

/// Returns the name of the pre-tokenizer of a directory with only vocab.json and merges.txt, which
/// nothing but the tokenizer's class tells. Where none is named, and the model's family has one
/// that reads other files, it is GPT-2's.
std::string_view pre_name_of_class(const TokenizerSettings& settings, const std::string& source) {
  const TokenizerClass* known = settings.tokenizer_class();
  if (known != nullptr && !known->pre_tokenizer.empty()) return known->pre_tokenizer;
  const std::string name = settings.named_class();
  if (name.empty()) return "gpt-2";
  throw UnsupportedTokenizer("tokenizer_class", source, "'" + name + "'",
                             "GPT2Tokenizer or Qwen2Tokenizer, or a tokenizer.json beside it");
}

/// Makes <|endoftext|> a special token, since vocab.json lists it among the ordinary entries.
void make_end_of_text_special(TokenizerParts& parts) {
  const auto id = parts.vocabulary.find(kEndOfText);
  if (id && std::ranges::find(parts.added_tokens, kEndOfText, &AddedToken::text) ==
                parts.added_tokens.end()) {
    parts.add_token({.text = std::string(kEndOfText), .id = *id, .special = true});
  }
}

TokenizerParts read_text_pair(const std::filesystem::path& vocabulary,
                              const std::filesystem::path& merges,
                              const TokenizerSettings& settings) {
  TokenizerParts parts;
  parts.source = vocabulary.string();
  read_vocabulary_json(core::read_json_object(vocabulary), parts);
  parts.source = merges.string();
  read_merges_text(merges, parts);
  const auto name = pre_name_of_class(settings, vocabulary.string());
  const auto pre = *std::ranges::find(pre_tokenizer_names(), name, &PreTokenizerName::name);
  parts.options.byte_level = true;
  if (pre.composes) parts.normalizer.push_back(normal_form_step(NormalForm::nfc));
  if (settings.option("add_prefix_space") == true) {
    parts.pre_tokenizer.push_back(prefix_space_step());
  }
  const std::string pattern = pre.pattern.empty() ? gpt2_pattern() : std::string(pre.pattern);
  parts.pre_tokenizer.push_back(
      split_at_pattern(TextPattern(pattern, std::string(name)), MatchPlace::isolated));
  parts.decoder = {printable_decoder()};
  make_end_of_text_special(parts);
  return parts;
}

TokenizerParts read_whole(const std::filesystem::path& file, const TokenizerSettings& settings) {
  nlohmann::json json = core::read_json_object(file);
  const TokenizerClass* known = settings.tokenizer_class();
  const auto prefix = settings.option_or(
      "add_prefix_space", known != nullptr ? known->prefix_space : std::optional<bool>());
  // transformers lets the settings change this one step alone, and not inside a sequence.
  if (prefix && member_of(member_of(json, "pre_tokenizer"), "type") == "ByteLevel") {
    json["pre_tokenizer"]["add_prefix_space"] = *prefix;
  }
  return read_tokenizer_json(json, file.string());
}

TokenizerParts read_pieces(const std::filesystem::path& file, const TokenizerSettings& settings) {
  TokenizerLists lists = read_sentencepiece_model(core::read_text_file(file), file.string());
  const bool prefix = lists.adds_space_prefix && settings.option("add_prefix_space") != false;
  const bool only_first = prefix && settings.option("legacy") == false;
  lists.adds_space_prefix = prefix && !only_first;
  TokenizerParts parts = parts_of_lists(lists);
  if (only_first) {
    parts.pre_tokenizer.push_back(
        metaspace_step({.prepend = PrependScheme::first, .split = false}));
    parts.decoder.push_back(strip_decoder(" ", 1, 0));
  }
  return parts;
}

std::optional<TokenizerParts> read_whichever_is_there(const std::filesystem::path& directory,
                                                      const TokenizerSettings& settings) {
  const auto there = [](const std::filesystem::path& file) {
    return std::filesystem::exists(file);
  };
  if (there(directory / "tokenizer.json"))
    return read_whole(directory / "tokenizer.json", settings);
  const std::filesystem::path pieces = directory / "tokenizer.model";
  for (const auto& [vocabulary, merges] :
       {std::pair(directory / "vocab.json", directory / "merges.txt"),
        std::pair(directory / "encoder.json", directory / "vocab.bpe")}) {
    const bool both = there(vocabulary) && there(merges);
    const bool one = there(vocabulary) || there(merges);
    if (both || (one && !there(pieces))) return read_text_pair(vocabulary, merges, settings);
  }
  return there(pieces) ? std::optional(read_pieces(pieces, settings)) : std::nullopt;
}

}  // namespace

std::optional<TokenizerParts> read_tokenizer_files(const std::filesystem::path& directory) {
  const bool any = std::ranges::any_of(
      std::array{"tokenizer.json", "vocab.json", "merges.txt", "encoder.json", "vocab.bpe",
                 "tokenizer.model"},
      [&](const char* name) { return std::filesystem::exists(directory / name); });
  if (!any) return std::nullopt;
  const TokenizerSettings settings(directory);
  std::optional<TokenizerParts> parts = read_whichever_is_there(directory, settings);
  if (!parts) return std::nullopt;
  settings.apply(*parts);
  if (std::filesystem::exists(directory / "tokenizer.json")) settings.follow_class(*parts);
  return parts;
}

}  // namespace sketchscope::text
