#include "engine/text/tokenizer_json_fields.hpp"

#include <utility>

#include "engine/core/files.hpp"
#include "engine/text/pattern_dialect.hpp"
#include "engine/text/tokenizer_json.hpp"
#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {
namespace {

constexpr int kDeepest = 16;  // lists inside lists; real files have two

}  // namespace

JsonStep::JsonStep(const nlohmann::json& json, std::string place, std::string source, int depth)
    : json_(json), place_(std::move(place)), source_(std::move(source)), depth_(depth) {
  if (depth_ > kDeepest) {
    throw UnsupportedTokenizer(place_, source_, "lists nested deeper than that",
                               "a depth of " + std::to_string(kDeepest) + " at most");
  }
  const nlohmann::json type = member_of(json_, "type");
  if (!type.is_string()) refuse("type", "an object with a type");
  type_ = type.get<std::string>();
}

void JsonStep::refuse(const std::string& name, const std::string& expected) const {
  throw UnsupportedTokenizer(place_ + "." + name, source_, core::brief(member_of(json_, name)),
                             expected);
}

std::string JsonStep::text(const char* name, const std::string& fallback) const {
  const nlohmann::json value = member_of(json_, name);
  if (value.is_null()) return fallback;
  if (!value.is_string()) refuse(name, "a text");
  return value.get<std::string>();
}

bool JsonStep::flag(const char* name, bool fallback) const {
  const nlohmann::json value = member_of(json_, name);
  if (value.is_null()) return fallback;
  if (!value.is_boolean()) refuse(name, "true or false");
  return value.get<bool>();
}

int JsonStep::count(const char* name) const {
  const nlohmann::json value = member_of(json_, name);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 1'000'000) {
    refuse(name, "a whole number up to 1000000");
  }
  return value.get<int>();
}

std::string JsonStep::literal(const char* name) const {
  const nlohmann::json value = member_of(member_of(json_, name), "String");
  return value.is_string() ? value.get<std::string>() : std::string();
}

TextPattern JsonStep::pattern(const char* name) const {
  const std::string where = place_ + "." + name + " of " + source_;
  if (const auto text = literal(name); !text.empty()) return {literal_pattern(text), where};
  const nlohmann::json regex = member_of(member_of(json_, name), "Regex");
  if (!regex.is_string()) refuse(name, R"({"Regex": ...} or {"String": ...})");
  return {pcre2_from_oniguruma(regex.get<std::string>(), where), where};
}

const nlohmann::json& JsonStep::list(const char* name) const {
  const auto found = json_.find(name);
  if (found == json_.end() || !found->is_array()) refuse(name, "a list");
  return *found;
}

}  // namespace sketchscope::text
