#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/text/jinja_methods.hpp"
#include "engine/text/jinja_text.hpp"

namespace sketchscope::text {
namespace {

[[noreturn]] void refuse_operands(const std::string& sign, const JinjaValue& left,
                                  const JinjaValue& right) {
  refuse_template(kind_of(left) + " " + sign + " " + kind_of(right),
                  "operands for which it is defined");
}

/// Returns a result of numbers; nullopt where it is not defined here. Python divides towards
/// negative infinity, which is the same for operands that are not negative.
std::optional<std::int64_t> of_numbers(const std::string& sign, std::int64_t left,
                                       std::int64_t right) {
  std::int64_t result = 0;
  if (sign == "+" && !__builtin_add_overflow(left, right, &result)) return result;
  if (sign == "-" && !__builtin_sub_overflow(left, right, &result)) return result;
  if (sign == "*" && !__builtin_mul_overflow(left, right, &result)) return result;
  const bool divides = right > 0 && left >= 0;
  if (sign == "//" && divides) return left / right;
  if (sign == "%" && divides) return left % right;
  return std::nullopt;
}

/// Returns a place that a slice names, from 0 to `count`; a negative one counts from the end.
std::int64_t place_of(const JinjaValue& place, std::int64_t count, std::int64_t absent) {
  if (place.is_discarded() || place.is_null()) return absent;
  if (!place.is_number_integer()) refuse_template(kind_of(place) + " as a place", "a number");
  const auto from = place.get<std::int64_t>();
  return std::clamp<std::int64_t>(from < 0 ? from + count : from, 0, count);
}

/// Returns whether `name` is a method in Python, so that as an attribute it is not undefined.
bool is_method(const JinjaValue& of, const std::string& name) {
  constexpr std::string_view kOfTexts[] = {
      "capitalize", "count", "endswith",   "find",       "format",  "index",
      "join",       "lower", "lstrip",     "rfind",      "replace", "rstrip",
      "split",      "strip", "splitlines", "startswith", "title",   "upper"};
  constexpr std::string_view kOfDictionaries[] = {
      "clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"};
  constexpr std::string_view kOfLists[] = {"append", "copy", "count",   "extend", "index",
                                           "insert", "pop",  "reverse", "sort"};
  const auto among = [&](const auto& names) {
    return std::ranges::find(names, name) != std::end(names);
  };
  return (of.is_string() && among(kOfTexts)) || (of.is_object() && among(kOfDictionaries)) ||
         (of.is_array() && among(kOfLists)) || name.starts_with("__");
}

}  // namespace

JinjaValue jinja_item(const JinjaValue& of, const JinjaValue& which) {
  if (of.is_discarded()) {
    refuse_template("an item of something undefined", "a list, a dictionary or a text");
  }
  if (which.is_string()) {
    const auto& name = which.get_ref<const std::string&>();
    if (of.is_object() && of.contains(name)) return of.at(name);
    if (is_method(of, name)) refuse_template("the method '" + name + "' without a call", "calls");
    return undefined_value();
  }
  if (!which.is_number_integer() || of.is_object()) return undefined_value();
  if (!of.is_array() && !of.is_string()) return undefined_value();
  const auto items = items_of(of);
  const auto count = static_cast<std::int64_t>(items.size());
  const auto place = which.get<std::int64_t>() + (which.get<std::int64_t>() < 0 ? count : 0);
  if (place < 0 || place >= count) return undefined_value();
  return items[static_cast<std::size_t>(place)];
}

JinjaValue jinja_slice(const JinjaValue& of, const JinjaValue& begin, const JinjaValue& end,
                       const JinjaValue& step) {
  if (!of.is_array() && !of.is_string()) {
    refuse_template("a slice of " + kind_of(of), "one of a list or a text");
  }
  auto items = items_of(of);
  const auto count = static_cast<std::int64_t>(items.size());
  const bool backwards = are_equal(step, -1);
  const bool bounded = !begin.is_discarded() || !end.is_discarded();
  const bool forwards = step.is_discarded() || step.is_null() || are_equal(step, 1);
  if (!forwards && (!backwards || bounded)) {
    refuse_template("a slice with a step", "the step 1, or -1 over the whole");
  }
  if (backwards) std::ranges::reverse(items);
  const std::int64_t first = place_of(begin, count, 0);
  const std::int64_t last = std::max(first, place_of(end, count, count));
  if (of.is_array()) return std::vector<JinjaValue>(items.begin() + first, items.begin() + last);
  std::string text;
  for (auto i = first; i < last; ++i) {
    text += items[static_cast<std::size_t>(i)].get_ref<const std::string&>();
  }
  return text;
}

JinjaValue jinja_arithmetic(const std::string& sign, const JinjaValue& left,
                            const JinjaValue& right) {
  if (sign == "~") return text_of_value(left) + text_of_value(right);
  if (left.is_string() && right.is_string() && sign == "+") {
    return left.get_ref<const std::string&>() + right.get_ref<const std::string&>();
  }
  if (left.is_array() && right.is_array() && sign == "+") {
    JinjaValue both = left;
    both.insert(both.end(), right.begin(), right.end());
    return both;
  }
  if (left.is_number_integer() && right.is_number_integer()) {
    if (const auto result = of_numbers(sign, left.get<std::int64_t>(), right.get<std::int64_t>())) {
      return *result;
    }
  }
  refuse_operands(sign, left, right);
}

bool jinja_comparison(const std::string& sign, const JinjaValue& left, const JinjaValue& right) {
  if (sign == "==") return are_equal(left, right);
  if (sign == "!=") return !are_equal(left, right);
  if (sign == "in") return is_member(left, right);
  if (sign == "not in") return !is_member(left, right);
  const bool texts = left.is_string() && right.is_string();
  const bool numbers = left.is_number_integer() && right.is_number_integer();
  if (!texts && !numbers) refuse_operands(sign, left, right);
  if (sign == "<") return left < right;
  if (sign == ">") return left > right;
  return sign == "<=" ? left <= right : left >= right;
}

}  // namespace sketchscope::text
