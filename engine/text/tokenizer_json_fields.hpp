#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/text/text_pattern.hpp"

namespace sketchscope::text {

/// One object with a `type` in tokenizer.json, and where it stands, for messages.
class JsonStep {
 public:
  /// Throws UnsupportedTokenizer where `json` is no object with a type, or where it stands in too
  /// many lists one inside another (`depth`).
  JsonStep(const nlohmann::json& json, std::string place, std::string source, int depth = 0);

  [[nodiscard]] const std::string& type() const { return type_; }
  /// Returns a text; `fallback` where it is absent. Throws UnsupportedTokenizer on other values.
  [[nodiscard]] std::string text(const char* name, const std::string& fallback) const;
  [[nodiscard]] bool flag(const char* name, bool fallback) const;
  [[nodiscard]] int count(const char* name) const;
  /// Returns the pattern of a member, {"String": …} or {"Regex": …}.
  [[nodiscard]] TextPattern pattern(const char* name) const;
  /// Returns the text of {"String": …}; empty if the member is no such.
  [[nodiscard]] std::string literal(const char* name) const;
  /// Calls `use` with each object of a list.
  template <typename Use>
  void for_each(const char* name, Use use) const {
    for (const auto& inner : list(name)) use(JsonStep(inner, place_, source_, depth_ + 1));
  }

  /// Throws UnsupportedTokenizer on a member of the object.
  [[noreturn]] void refuse(const std::string& name, const std::string& expected) const;

 private:
  [[nodiscard]] const nlohmann::json& list(const char* name) const;

  nlohmann::json json_;
  std::string place_;
  std::string source_;
  std::string type_;
  int depth_;
};

}  // namespace sketchscope::text
