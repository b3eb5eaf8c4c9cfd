#include "engine/text/jinja_value.hpp"

#include <algorithm>
#include <cstdint>

#include "engine/core/error.hpp"
#include "engine/text/jinja_text.hpp"

namespace sketchscope::text {
namespace {

bool is_numeric(const JinjaValue& value) {
  return value.is_number_integer() || value.is_boolean();
}

std::int64_t number_of(const JinjaValue& value) {
  return value.is_boolean() ? static_cast<std::int64_t>(value.get<bool>())
                            : value.get<std::int64_t>();
}

}  // namespace

void refuse_template(const std::string& found, const std::string& understood) {
  throw core::Error({.what = "the model's chat template cannot be followed",
                     .found = found,
                     .expected = understood,
                     .remedy = "write the prompt with the model's special tokens in it and give it "
                               "as plain text, without a chat"});
}

JinjaValue undefined_value() {
  return JinjaValue(JinjaValue::value_t::discarded);
}

bool is_true(const JinjaValue& value) {
  if (value.is_discarded() || value.is_null()) return false;
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  if (is_numeric(value)) return number_of(value) != 0;
  return !value.empty();
}

bool are_equal(const JinjaValue& left, const JinjaValue& right) {
  if (left.is_discarded() || right.is_discarded()) {
    return left.is_discarded() && right.is_discarded();
  }
  if (is_numeric(left) && is_numeric(right)) return number_of(left) == number_of(right);
  return left == right;
}

bool is_member(const JinjaValue& value, const JinjaValue& of) {
  if (of.is_string()) {
    if (!value.is_string()) refuse_template(kind_of(value) + " in a text", "a text in a text");
    return of.get_ref<const std::string&>().find(value.get_ref<const std::string&>()) !=
           std::string::npos;
  }
  return std::ranges::any_of(items_of(of),
                             [&](const JinjaValue& item) { return are_equal(item, value); });
}

std::string text_of_value(const JinjaValue& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_discarded()) return {};
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  refuse_template(kind_of(value) + " written as text", "texts and numbers");
}

std::vector<JinjaValue> items_of(const JinjaValue& value) {
  std::vector<JinjaValue> items;
  if (value.is_discarded()) return items;
  if (value.is_string()) {
    for (const auto character : characters_of(value.get_ref<const std::string&>())) {
      items.emplace_back(std::string(character));
    }
    return items;
  }
  if (value.is_array()) return std::vector<JinjaValue>(value.begin(), value.end());
  if (!value.is_object()) refuse_template("a loop over " + kind_of(value), "a list or a text");
  for (const auto& [key, item] : value.items()) items.emplace_back(key);
  return items;
}

std::size_t weight_of(const JinjaValue& value) {
  if (value.is_string()) return 1 + value.get_ref<const std::string&>().size() / 8;
  std::size_t weight = 1;
  if (value.is_structured()) {
    for (const JinjaValue& item : value) weight += weight_of(item);
  }
  return weight;
}

int depth_of(const JinjaValue& value) {
  int deepest = 0;
  if (!value.is_structured()) return deepest;
  for (const JinjaValue& item : value) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

std::string kind_of(const JinjaValue& value) {
  if (value.is_discarded()) return "something undefined";
  if (value.is_null()) return "none";
  if (value.is_string()) return "a text";
  if (value.is_boolean()) return "a truth value";
  if (value.is_array()) return "a list";
  return value.is_object() ? "a dictionary" : "a number";
}

}  // namespace sketchscope::text
