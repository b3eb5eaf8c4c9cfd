#include "engine/text/tokenizer_settings.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/core/files.hpp"
#include "engine/text/tokenizer_json.hpp"

namespace sketchscope::text {
namespace {

nlohmann::json object_if_there(const std::filesystem::path& file) {
  return std::filesystem::exists(file) ? core::read_json_object(file) : nlohmann::json::object();
}

/// Returns a special token's text, which its files write as a text or as an object.
std::string text_of_special(const nlohmann::json& token) {
  if (token.is_string()) return token.get<std::string>();
  const nlohmann::json content = member_of(token, "content");
  return content.is_string() ? content.get<std::string>() : std::string();
}

/// Returns the ids of a member that is one id or a list of them.
std::vector<int> ids_of(const nlohmann::json& value) {
  std::vector<int> ids;
  const auto add = [&](const nlohmann::json& id) {
    if (id.is_number_unsigned() && id.get<std::uint64_t>() <= Vocabulary::kLargestId) {
      ids.push_back(id.get<int>());
    }
  };
  if (value.is_array()) {
    for (const nlohmann::json& id : value) add(id);
  } else {
    add(value);
  }
  return ids;
}

/// Returns the template of a member that is one text or a list of named ones.
std::string template_of(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return {};
  for (const nlohmann::json& named : value) {
    const nlohmann::json text = member_of(named, "template");
    if (member_of(named, "name") == "default" && text.is_string()) return text.get<std::string>();
  }
  return {};
}

std::string read_chat_template(const std::filesystem::path& directory,
                               const nlohmann::json& config) {
  const std::filesystem::path jinja = directory / "chat_template.jinja";
  if (std::filesystem::exists(jinja)) return core::read_text_file(jinja);
  const nlohmann::json own = object_if_there(directory / "chat_template.json");
  const std::string separate = template_of(member_of(own, "chat_template"));
  return separate.empty() ? template_of(member_of(config, "chat_template")) : separate;
}

/// Returns the tokens of a member that is a list of them or an object of named ones, in the order
/// of its file, which gives them their ids and which nlohmann::json does not keep.
std::vector<nlohmann::json> tokens_in_order(const std::filesystem::path& file, const char* name) {
  const nlohmann::json value = member_of(object_if_there(file), name);
  if (!value.is_object()) return {value.begin(), value.end()};
  std::vector<nlohmann::json> tokens;
  const auto ordered = nlohmann::ordered_json::parse(core::read_text_file(file));
  for (const auto& [key, token] : ordered.at(name).items()) tokens.push_back(value.at(key));
  return tokens;
}

std::vector<nlohmann::json> read_extra_tokens(const std::filesystem::path& directory) {
  constexpr const char* kName = "extra_special_tokens";
  auto own = tokens_in_order(directory / "tokenizer_config.json", kName);
  return own.empty() ? tokens_in_order(directory / "special_tokens_map.json", kName) : own;
}

}  // namespace

TokenizerSettings::TokenizerSettings(const std::filesystem::path& directory)
    : source_((directory / "tokenizer_config.json").string()),
      config_(object_if_there(directory / "tokenizer_config.json")),
      special_tokens_(object_if_there(directory / "special_tokens_map.json")),
      added_tokens_(object_if_there(directory / "added_tokens.json")),
      extra_tokens_(read_extra_tokens(directory)),
      generation_(object_if_there(directory / "generation_config.json")),
      chat_template_(read_chat_template(directory, config_)) {
  try {
    model_ = object_if_there(directory / "config.json");
  } catch (const core::Error&) {
    // The loader of the model reports what is wrong with its own file.
    model_ = nlohmann::json::object();
  }
  if (option("split_special_tokens") == true) {
    throw UnsupportedTokenizer("split_special_tokens", source_, "true", "false");
  }
}

std::string TokenizerSettings::named_class() const {
  for (const nlohmann::json* file : {&config_, &model_}) {
    const nlohmann::json name = member_of(*file, "tokenizer_class");
    if (!name.is_string()) continue;
    std::string text = name.get<std::string>();
    if (text.ends_with("Fast")) text.resize(text.size() - 4);
    return text;
  }
  return {};
}

const TokenizerClass* TokenizerSettings::tokenizer_class() const {
  const std::string name = named_class();
  if (!name.empty()) return find_tokenizer_class(name);
  const nlohmann::json family = member_of(model_, "model_type");
  return family.is_string()
             ? find_tokenizer_class(tokenizer_class_of_family(family.get_ref<const std::string&>()))
             : nullptr;
}

std::optional<bool> TokenizerSettings::option(const char* name) const {
  const nlohmann::json value = member_of(config_, name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_boolean()) {
    throw UnsupportedTokenizer(name, source_, core::brief(value), "true or false");
  }
  return value.get<bool>();
}

std::optional<bool> TokenizerSettings::option_or(const char* name,
                                                 std::optional<bool> otherwise) const {
  return config_.contains(name) ? option(name) : otherwise;
}

nlohmann::json TokenizerSettings::role(const char* name) const {
  const nlohmann::json own = member_of(config_, name);
  return own.is_null() ? member_of(special_tokens_, name) : own;
}

std::string TokenizerSettings::role_text(const char* name, std::string_view otherwise) const {
  const bool absent = !config_.contains(name) && !special_tokens_.contains(name);
  return absent ? std::string(otherwise) : text_of_special(role(name));
}

std::optional<int> TokenizerSettings::role_id(const char* name, const TokenizerParts& parts) const {
  const std::string text = text_of_special(role(name));
  return text.empty() ? std::nullopt : parts.find(text);
}

void TokenizerSettings::apply(TokenizerParts& parts) const {
  add_listed_tokens(parts);
  for (const char* name : {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token",
                           "cls_token", "mask_token"}) {
    add_special_token(role(name), parts);
  }
  for (const nlohmann::json& token : role("additional_special_tokens")) {
    add_special_token(token, parts);
  }
  for (const nlohmann::json& token : extra_tokens_) add_special_token(token, parts);
  add_roles(parts);
  follow_start_and_end(parts);
  if (!chat_template_.empty()) parts.chat_template = chat_template_;
}

void TokenizerSettings::add_listed_tokens(TokenizerParts& parts) const {
  const nlohmann::json listed = member_of(config_, "added_tokens_decoder");
  std::vector<std::pair<int, nlohmann::json>> tokens;
  for (const auto& [key, token] : listed.items()) {
    int id = -1;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
    const bool whole = error == std::errc() && end == key.data() + key.size();
    const std::string where = "added_tokens_decoder in " + source_;
    (void)read_token_id(whole ? nlohmann::json(static_cast<unsigned>(id)) : nlohmann::json(key),
                        where);
    if (text_of_special(token).empty() || token.is_string()) {
      throw UnsupportedTokenizer("added_tokens_decoder", source_, core::brief(token),
                                 "an object with content");
    }
    tokens.emplace_back(id, token);
  }
  std::ranges::sort(tokens, {}, [](const auto& token) { return token.first; });
  for (const auto& [id, token] : tokens) {
    const std::string text = text_of_special(token);
    parts.add_token(read_added_token(token, parts.id_of_added(text)));
  }
  if (!listed.is_null()) return;
  add_tokens_by_id(parts);
}

void TokenizerSettings::add_tokens_by_id(TokenizerParts& parts) const {
  std::vector<std::pair<int, std::string>> tokens;
  for (const auto& [text, id] : added_tokens_.items()) {
    tokens.emplace_back(read_token_id(id, "'" + text + "' in added_tokens.json"), text);
  }
  std::ranges::sort(tokens);
  for (const auto& [id, text] : tokens) {
    const bool known =
        std::ranges::find(parts.added_tokens, text, &AddedToken::text) != parts.added_tokens.end();
    if (!known) {
      parts.add_token({.text = text, .id = parts.id_of_added(text), .normalized = true});
    }
  }
}

void TokenizerSettings::add_special_token(const nlohmann::json& token,
                                          TokenizerParts& parts) const {
  const std::string text = text_of_special(token);
  if (text.empty()) return;
  const auto known = std::ranges::find(parts.added_tokens, text, &AddedToken::text);
  if (known != parts.added_tokens.end()) {
    if (!known->special) known->normalized = false;
    known->special = true;
    return;
  }
  const int id = parts.id_of_added(text);
  AddedToken added =
      token.is_object() ? read_added_token(token, id) : AddedToken{.text = text, .id = id};
  added.special = true;
  const nlohmann::json normalized = member_of(token, "normalized");
  added.normalized = normalized.is_boolean() && normalized.get<bool>();
  parts.add_token(added);
}

void TokenizerSettings::add_roles(TokenizerParts& parts) const {
  if (!parts.before_text.empty()) {
    parts.start_token = parts.before_text.front();
  } else if (const auto start = role_id("bos_token", parts)) {
    parts.start_token = start;
  }
  for (const nlohmann::json* file : {&generation_, &model_}) {
    const auto starts = ids_of(member_of(*file, "bos_token_id"));
    if (!parts.start_token && !starts.empty()) parts.start_token = starts.front();
  }
  const auto end = role_id("eos_token", parts);
  if (end) {
    parts.end_token = end;
    parts.end_tokens = {*end};
  }
  for (const nlohmann::json* file : {&model_, &generation_}) {  // The last one takes precedence.
    const auto ends = ids_of(member_of(*file, "eos_token_id"));
    if (!ends.empty()) parts.end_tokens = ends;
  }
}

void TokenizerSettings::follow_start_and_end(TokenizerParts& parts) const {
  const auto start = role_id("bos_token", parts);
  const auto end = role_id("eos_token", parts);
  if (const auto wanted = option("add_bos_token"); wanted && start) {
    const bool there = !parts.before_text.empty() && parts.before_text.front() == *start;
    if (*wanted && !there) parts.before_text.insert(parts.before_text.begin(), *start);
    if (!*wanted && there) parts.before_text.erase(parts.before_text.begin());
  }
  if (const auto wanted = option("add_eos_token"); wanted && end) {
    const bool there = !parts.after_text.empty() && parts.after_text.back() == *end;
    if (*wanted && !there) parts.after_text.push_back(*end);
    if (!*wanted && there) parts.after_text.pop_back();
  }
}

void TokenizerSettings::follow_class(TokenizerParts& parts) const {
  const TokenizerClass* known = tokenizer_class();
  if (known == nullptr || !known->adds_start_token) return;
  const std::string start_text = role_text("bos_token", known->start_token);
  const std::string end_text = role_text("eos_token", known->end_token);
  const auto start = parts.find(start_text);
  const auto end = parts.find(end_text);
  const bool starts = option_or("add_bos_token", known->adds_start_token) == true;
  const bool ends = option("add_eos_token") == true;
  if ((starts && !start) || (ends && !end)) return;
  if (start) add_special_token(start_text, parts);
  if (end) add_special_token(end_text, parts);
  if (start) parts.start_token = start;
  parts.before_text = starts ? std::vector{*start} : std::vector<int>();
  parts.after_text = ends ? std::vector{*end} : std::vector<int>();
}

}  // namespace sketchscope::text
