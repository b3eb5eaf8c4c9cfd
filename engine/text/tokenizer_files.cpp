#include "engine/text/tokenizer_files.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/text/byte_alphabet.hpp"

namespace sketchscope {
namespace {

constexpr std::string_view kEndOfText = "<|endoftext|>";
constexpr int kLargestId = (1 << 24) - 1;  // that of the largest vocabulary a configuration allows

[[noreturn]] void refuse(const std::string& what, const std::string& found,
                         const std::string& expected) {
  throw Error({.what = what,
               .found = found,
               .expected = expected,
               .remedy = "fetch the tokenizer files of a GPT-2 model again"});
}

std::string bytes_of_entry(const std::string& entry) {
  return bytes_from_printable(entry).value_or(entry);
}

int read_id(const TokenizerFiles& files, const std::string& entry, const nlohmann::json& id) {
  if (!id.is_number_unsigned() || id.get<std::uint64_t>() > kLargestId) {
    refuse("the id of '" + entry + "' in " + files.source, brief(id),
           "a whole number up to " + std::to_string(kLargestId));
  }
  return id.get<int>();
}

void set_text(TokenizerFiles& files, int id, const std::string& text) {
  const auto index = static_cast<std::size_t>(id);
  if (files.text_of.size() <= index) {
    files.text_of.resize(index + 1);
  }
  if (!files.text_of[index].empty() && files.text_of[index] != text) {
    refuse(files.source + " gives one id to two entries", std::to_string(id), "each id once");
  }
  files.text_of[index] = text;
}

void read_vocabulary(const nlohmann::json& vocabulary, TokenizerFiles& files) {
  if (!vocabulary.is_object() || vocabulary.empty()) {
    refuse("the vocabulary of " + files.source, brief(vocabulary), "an object from texts to ids");
  }
  for (const auto& [entry, value] : vocabulary.items()) {
    const int id = read_id(files, entry, value);
    std::string bytes = bytes_of_entry(entry);
    set_text(files, id, bytes);
    files.id_of.emplace(std::move(bytes), id);
  }
}

void add_merge(const std::string& left, const std::string& right, TokenizerFiles& files) {
  files.merges.emplace_back(bytes_of_entry(left), bytes_of_entry(right));
}

/// Adds a line "left right"; no entry of the alphabet contains a space.
void add_merge_line(std::string_view line, const std::string& where, TokenizerFiles& files) {
  const std::size_t space = line.find(' ');
  const bool two_words = space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
                         line.find(' ', space + 1) == std::string_view::npos;
  if (!two_words) {
    refuse(where, "'" + std::string(line.substr(0, 40)) + "'", "two entries with a space between");
  }
  add_merge(std::string(line.substr(0, space)), std::string(line.substr(space + 1)), files);
}

void read_merges_text(const std::filesystem::path& file, TokenizerFiles& files) {
  const std::string text = read_text_file(file);
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (!line.empty() && !line.starts_with("#version")) {
      add_merge_line(line, file.string() + " line " + std::to_string(number), files);
    }
  }
}

TokenizerFiles read_text_pair(const std::filesystem::path& vocabulary,
                              const std::filesystem::path& merges) {
  TokenizerFiles files;
  files.source = vocabulary.string();
  read_vocabulary(read_json_object(vocabulary), files);
  files.source = merges.string();
  read_merges_text(merges, files);
  return files;
}

/// Returns the member of an object, or a JSON null.
nlohmann::json member(const nlohmann::json& object, const std::string& name) {
  return object.is_object() && object.contains(name) ? object[name] : nlohmann::json();
}

/// Throws Error unless tokenizer.json describes GPT-2's tokenizer; the format allows many others.
void require_gpt2_pipeline(const nlohmann::json& json, const std::string& source) {
  const nlohmann::json model = json.at("model");
  const auto require = [&source](bool is_gpt2, const std::string& option,
                                 const nlohmann::json& value, const std::string& expected) {
    if (!is_gpt2) {
      refuse("option " + option + " of " + source + " is not supported", brief(value), expected);
    }
  };
  const auto require_off = [&](const std::string& option) {
    const nlohmann::json value = member(model, option);
    const bool off = value.is_null() || value == false || value == "" || value == 0.0;
    require(off, "model." + option, value, "what GPT-2 has: none");
  };
  const nlohmann::json type = member(model, "type");
  require(type.is_null() || type == "BPE", "model.type", type, "BPE");
  for (const char* option : {"dropout", "continuing_subword_prefix", "end_of_word_suffix",
                             "byte_fallback", "ignore_merges"}) {
    require_off(option);
  }
  const nlohmann::json normalizer = member(json, "normalizer");
  require(normalizer.is_null(), "normalizer", normalizer, "null");
  const nlohmann::json splitter = member(json, "pre_tokenizer");
  require(member(splitter, "type") == "ByteLevel" && member(splitter, "add_prefix_space") != true &&
              member(splitter, "use_regex") != false,
          "pre_tokenizer", splitter, "ByteLevel without a prefix space");
}

void read_merges_json(const nlohmann::json& merges, TokenizerFiles& files) {
  if (!merges.is_array()) {
    refuse("the merges of " + files.source, brief(merges), "a list");
  }
  for (const nlohmann::json& merge : merges) {
    const bool pair =
        merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
    if (pair) {
      add_merge(merge[0].get<std::string>(), merge[1].get<std::string>(), files);
    } else if (merge.is_string()) {
      add_merge_line(merge.get_ref<const std::string&>(), "a merge of " + files.source, files);
    } else {
      refuse("a merge of " + files.source, brief(merge), "two entries");
    }
  }
}

void read_added_tokens(const nlohmann::json& tokens, TokenizerFiles& files) {
  for (const nlohmann::json& token : tokens) {
    const nlohmann::json content = member(token, "content");
    if (!content.is_string() || content == "") {
      refuse("an added token of " + files.source, brief(token), "an object with content and id");
    }
    for (const char* option : {"single_word", "lstrip", "rstrip"}) {
      if (member(token, option) == true) {
        refuse("option " + std::string(option) + " of an added token of " + files.source,
               brief(content), "false, as GPT-2 has it");
      }
    }
    const auto text = content.get<std::string>();
    const int id = read_id(files, text, member(token, "id"));
    set_text(files, id, text);
    files.special_tokens.emplace_back(text, id);
  }
}

TokenizerFiles read_tokenizer_json(const std::filesystem::path& file) {
  const nlohmann::json json = read_json_object(file);
  TokenizerFiles files;
  files.source = file.string();
  const nlohmann::json model = member(json, "model");
  if (!model.is_object()) {
    refuse("the model of " + files.source, brief(model), "an object");
  }
  require_gpt2_pipeline(json, files.source);
  read_vocabulary(member(model, "vocab"), files);
  read_merges_json(member(model, "merges"), files);
  read_added_tokens(member(json, "added_tokens"), files);
  return files;
}

/// Makes <|endoftext|> a special token, since vocab.json lists it among the ordinary entries.
void make_end_of_text_special(TokenizerFiles& files) {
  const auto entry = files.id_of.find(std::string(kEndOfText));
  const bool listed = std::ranges::any_of(
      files.special_tokens, [](const auto& token) { return token.first == kEndOfText; });
  if (entry != files.id_of.end() && !listed) {
    files.special_tokens.emplace_back(*entry);
  }
}

std::optional<TokenizerFiles> read_whichever_is_there(const std::filesystem::path& directory) {
  const std::filesystem::path whole = directory / "tokenizer.json";
  const bool has_whole = std::filesystem::exists(whole);
  for (const auto& [vocabulary, merges] :
       {std::pair(directory / "vocab.json", directory / "merges.txt"),
        std::pair(directory / "encoder.json", directory / "vocab.bpe")}) {
    const bool both = std::filesystem::exists(vocabulary) && std::filesystem::exists(merges);
    const bool one = std::filesystem::exists(vocabulary) || std::filesystem::exists(merges);
    if (both || (one && !has_whole)) {
      return read_text_pair(vocabulary, merges);
    }
  }
  return has_whole ? std::optional(read_tokenizer_json(whole)) : std::nullopt;
}

}  // namespace

std::optional<TokenizerFiles> read_tokenizer_files(const std::filesystem::path& directory) {
  std::optional<TokenizerFiles> files = read_whichever_is_there(directory);
  if (files) {
    make_end_of_text_special(*files);
  }
  return files;
}

}  // namespace sketchscope
