#include "engine/text/tokenizer_json.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/text/tokenizer_json_steps.hpp"

namespace sketchscope::text {
namespace {

[[noreturn]] void refuse_json(const std::string& what, const std::string& found,
                              const std::string& expected) {
  throw core::Error({.what = what,
                     .found = found,
                     .expected = expected,
                     .remedy = "fetch the tokenizer files again"});
}

void read_model_options(const nlohmann::json& model, TokenizerParts& parts) {
  const nlohmann::json type = member_of(model, "type");
  if (!type.is_null() && type != "BPE") {
    throw UnsupportedTokenizer("model.type", parts.source, core::brief(type), "BPE");
  }
  const nlohmann::json dropout = member_of(model, "dropout");
  if (!dropout.is_null() && dropout != 0) {
    throw UnsupportedTokenizer("model.dropout", parts.source, core::brief(dropout),
                               "0, since ids would be drawn at random");
  }
  const auto text = [&](const char* name) {
    const nlohmann::json value = member_of(model, name);
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  const auto flag = [&](const char* name) { return member_of(model, name) == true; };
  parts.options.fuse_unknown = flag("fuse_unk");
  parts.options.byte_fallback = flag("byte_fallback");
  parts.options.ignore_merges = flag("ignore_merges");
  parts.options.continuing_prefix = text("continuing_subword_prefix");
  parts.options.word_suffix = text("end_of_word_suffix");
}

void read_merges_json(const nlohmann::json& merges, TokenizerParts& parts) {
  if (!merges.is_array())
    refuse_json("the merges of " + parts.source, core::brief(merges), "a list");
  for (const nlohmann::json& merge : merges) {
    const bool pair =
        merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
    if (pair) {
      parts.merges.push_back({merge[0].get<std::string>(), merge[1].get<std::string>()});
    } else if (merge.is_string()) {
      parts.merges.push_back(
          merge_of_line(merge.get_ref<const std::string&>(), "a merge of " + parts.source));
    } else {
      refuse_json("a merge of " + parts.source, core::brief(merge), "two entries");
    }
  }
}

void read_added_tokens_json(const nlohmann::json& tokens, TokenizerParts& parts) {
  for (const nlohmann::json& token : tokens) {
    const nlohmann::json content = member_of(token, "content");
    if (!content.is_string() || content == "") {
      refuse_json("an added token of " + parts.source, core::brief(token),
                  "an object with content and id");
    }
    const auto text = content.get<std::string>();
    (void)read_token_id(member_of(token, "id"), "'" + text + "' in " + parts.source);
    parts.add_token(read_added_token(token, parts.id_of_added(text)));
  }
}

}  // namespace

nlohmann::json member_of(const nlohmann::json& object, const std::string& name) {
  return object.is_object() && object.contains(name) ? object[name] : nlohmann::json();
}

int read_token_id(const nlohmann::json& id, const std::string& where) {
  if (!id.is_number_unsigned() || id.get<std::uint64_t>() > Vocabulary::kLargestId) {
    refuse_json("the id of " + where, core::brief(id),
                "a whole number up to " + std::to_string(Vocabulary::kLargestId));
  }
  return id.get<int>();
}

void read_vocabulary_json(const nlohmann::json& vocabulary, TokenizerParts& parts) {
  if (!vocabulary.is_object() || vocabulary.empty()) {
    refuse_json("the vocabulary of " + parts.source, core::brief(vocabulary),
                "an object from texts to ids");
  }
  for (const auto& [entry, id] : vocabulary.items()) {
    const int read = read_token_id(id, "'" + entry + "' in " + parts.source);
    if (static_cast<std::size_t>(read) > Vocabulary::largest_id(vocabulary.size())) {
      refuse_json("the id of '" + entry + "' in " + parts.source, std::to_string(read),
                  "at most " + std::to_string(Vocabulary::largest_id(vocabulary.size())) +
                      " in a vocabulary of " + std::to_string(vocabulary.size()));
    }
    parts.vocabulary.add(read, entry, parts.source);
  }
}

EntryMerge merge_of_line(std::string_view line, const std::string& where) {
  const std::size_t space = line.find(' ');
  const bool two_words = space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
                         line.find(' ', space + 1) == std::string_view::npos;
  if (!two_words) {
    refuse_json(where, "'" + std::string(line.substr(0, 40)) + "'",
                "two entries with a space between");
  }
  return {std::string(line.substr(0, space)), std::string(line.substr(space + 1))};
}

AddedToken read_added_token(const nlohmann::json& token, int id) {
  const auto flag = [&](const char* name) { return member_of(token, name) == true; };
  AddedToken added{.text = token.at("content").get<std::string>(),
                   .id = id,
                   .special = flag("special"),
                   .single_word = flag("single_word"),
                   .lstrip = flag("lstrip"),
                   .rstrip = flag("rstrip")};
  const nlohmann::json normalized = member_of(token, "normalized");
  added.normalized = normalized.is_boolean() ? normalized.get<bool>() : !added.special;
  return added;
}

TokenizerParts read_tokenizer_json(const nlohmann::json& json, const std::string& source) {
  TokenizerParts parts;
  parts.source = source;
  const nlohmann::json model = member_of(json, "model");
  if (!model.is_object()) {
    refuse_json("the model of " + parts.source, core::brief(model), "an object");
  }
  read_model_options(model, parts);
  read_vocabulary_json(member_of(model, "vocab"), parts);
  if (const nlohmann::json unknown = member_of(model, "unk_token"); unknown.is_string()) {
    parts.options.unknown = parts.vocabulary.find(unknown.get<std::string>());
  }
  read_merges_json(member_of(model, "merges"), parts);
  read_added_tokens_json(member_of(json, "added_tokens"), parts);
  read_normalizer_json(member_of(json, "normalizer"), parts);
  read_pre_tokenizer_json(member_of(json, "pre_tokenizer"), parts);
  read_decoder_json(member_of(json, "decoder"), parts);
  read_template_json(member_of(json, "post_processor"), parts);
  return parts;
}

}  // namespace sketchscope::text
