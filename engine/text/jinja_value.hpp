#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sketchscope::text {

/// A value of a Jinja template: a text, a whole number, a truth value, none (null), a list, a
/// dictionary, or (discarded) what is not defined.
using JinjaValue = nlohmann::ordered_json;

/// The arguments of a call, a filter or a test.
struct JinjaArguments {
  std::vector<JinjaValue> placed = {};
  std::vector<std::pair<std::string, JinjaValue>> named = {};

  [[nodiscard]] std::size_t size() const { return placed.size() + named.size(); }
};

/// Throws Error on a template that holds `found`, where only `understood` is understood.
[[noreturn]] void refuse_template(const std::string& found, const std::string& understood);

JinjaValue undefined_value();

/// Returns whether Python takes a value for true.
bool is_true(const JinjaValue& value);

/// Returns whether Python's == holds.
bool are_equal(const JinjaValue& left, const JinjaValue& right);

/// Returns whether Python's `in` holds. Throws Error where Python raises an exception.
bool is_member(const JinjaValue& value, const JinjaValue& of);

/// Returns a value as a template writes it. Throws Error on lists and dictionaries.
std::string text_of_value(const JinjaValue& value);

/// Returns the items that a loop over a value visits. Throws Error on what cannot be looped over.
std::vector<JinjaValue> items_of(const JinjaValue& value);

/// Returns the value's size in memory, in arbitrary units that grow with its bytes.
std::size_t weight_of(const JinjaValue& value);

/// Returns how many lists and dictionaries stand in each other.
int depth_of(const JinjaValue& value);

/// Returns the name of a value's kind for messages.
std::string kind_of(const JinjaValue& value);

}  // namespace sketchscope::text
