#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/files.hpp"
#include "engine/text/tokenizer_json.hpp"
#include "engine/text/tokenizer_json_steps.hpp"

namespace sketchscope::text {
namespace {

/// The special tokens around a text.
struct Surroundings {
  std::vector<int> before;
  std::vector<int> after;
};

[[noreturn]] void refuse_template(const nlohmann::json& found, const std::string& source) {
  throw UnsupportedTokenizer("post_processor", source, core::brief(found),
                             "ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or "
                             "a Sequence of them");
}

Surroundings read_pieces(const nlohmann::json& json, const std::string& source) {
  Surroundings around;
  bool text_seen = false;
  for (const nlohmann::json& piece : member_of(json, "single")) {
    if (piece.is_object() && piece.contains("Sequence") && !text_seen) {
      text_seen = true;
      continue;
    }
    const nlohmann::json name = member_of(member_of(piece, "SpecialToken"), "id");
    if (!name.is_string()) refuse_template(piece, source);
    const auto text = name.get<std::string>();
    const nlohmann::json ids = member_of(member_of(member_of(json, "special_tokens"), text), "ids");
    if (!ids.is_array()) refuse_template(piece, source);
    for (const nlohmann::json& id : ids) {
      (text_seen ? around.after : around.before)
          .push_back(read_token_id(id, "'" + text + "' in " + source));
    }
  }
  if (!text_seen) refuse_template(json, source);
  return around;
}

/// Reads a member such as "cls": ["<s>", 0].
int read_named_id(const nlohmann::json& json, const char* name, const std::string& source) {
  const nlohmann::json pair = member_of(json, name);
  if (!pair.is_array() || pair.size() != 2) refuse_template(json, source);
  return read_token_id(pair[1], std::string(name) + " in " + source);
}

void surround(const nlohmann::json& json, TokenizerParts& parts, bool inside = false) {
  const nlohmann::json type = member_of(json, "type");
  Surroundings around;
  if (type == "Sequence" && !inside) {
    for (const nlohmann::json& inner : member_of(json, "processors")) surround(inner, parts, true);
  } else if (type == "TemplateProcessing") {
    around = read_pieces(json, parts.source);
  } else if (type == "BertProcessing" || type == "RobertaProcessing") {
    around = {.before = {read_named_id(json, "cls", parts.source)},
              .after = {read_named_id(json, "sep", parts.source)}};
  } else if (type != "ByteLevel") {
    refuse_template(json, parts.source);
  }
  parts.before_text.insert(parts.before_text.begin(), around.before.begin(), around.before.end());
  parts.after_text.insert(parts.after_text.end(), around.after.begin(), around.after.end());
}

}  // namespace

void read_template_json(const nlohmann::json& json, TokenizerParts& parts) {
  if (!json.is_null()) surround(json, parts);
}

}  // namespace sketchscope::text
