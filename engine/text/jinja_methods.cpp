#include "engine/text/jinja_methods.hpp"

#include <algorithm>
#include <cstdint>

#include "engine/text/jinja_text.hpp"
#include "engine/text/text_replace.hpp"

namespace sketchscope::text {
namespace {

constexpr std::size_t kLongestResult = std::size_t{64} << 20;

/// Returns the argument at a place; undefined where it is absent.
JinjaValue argument(const JinjaArguments& arguments, std::size_t place) {
  return place < arguments.placed.size() ? arguments.placed[place] : undefined_value();
}

void expect_arguments(const std::string& name, const JinjaArguments& arguments, std::size_t most) {
  if (arguments.placed.size() <= most && arguments.named.empty()) return;
  refuse_template("'" + name + "' with " + std::to_string(arguments.size()) + " arguments",
                  std::to_string(most) + " of them at most, without names");
}

std::string text_argument(const std::string& name, const JinjaArguments& arguments,
                          std::size_t place) {
  const JinjaValue value = argument(arguments, place);
  if (value.is_string()) return value.get<std::string>();
  refuse_template("'" + name + "' with " + kind_of(value), "a text");
}

/// Returns a text with its letters in another case, which only ASCII's are known to have here.
std::string with_case(const std::string& name, std::string text) {
  const bool ascii = std::ranges::all_of(
      text, [](char letter) { return static_cast<unsigned char>(letter) < 128; });
  if (!ascii) refuse_template("'" + name + "' of a text beyond ASCII", "a text in ASCII");
  const auto is_letter = [](char letter) { return (letter | 32) >= 'a' && (letter | 32) <= 'z'; };
  if (name == "title" && !std::ranges::all_of(text, is_letter)) {
    refuse_template("'title' of more than one word", "one word");
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool upper = name == "upper" || (name != "lower" && i == 0);
    if (!is_letter(text[i])) continue;
    text[i] = static_cast<char>(upper ? text[i] & ~32 : text[i] | 32);
  }
  return text;
}

std::string stripped(const std::string& name, const std::string& text,
                     const JinjaArguments& arguments) {
  expect_arguments(name, arguments, 1);
  const TextEnds ends = name == "lstrip"   ? TextEnds::left
                        : name == "rstrip" ? TextEnds::right
                                           : TextEnds::both;
  if (argument(arguments, 0).is_discarded() || argument(arguments, 0).is_null()) {
    return std::string(without_white_ends(text, ends));
  }
  return std::string(without_ends(text, text_argument(name, arguments, 0), ends));
}

std::string replaced(const std::string& text, const JinjaArguments& arguments) {
  expect_arguments("replace", arguments, 2);
  const std::string from = text_argument("replace", arguments, 0);
  const std::string to = text_argument("replace", arguments, 1);
  if (from.empty()) refuse_template("'replace' of an empty text", "a text to replace");
  if (text.size() * (to.size() + 1) / from.size() > kLongestResult) {
    refuse_template("'replace' in a long text", "a shorter one");
  }
  return replaced_text(text, from, to);
}

std::string joined(const JinjaValue& list, const std::string& separator) {
  std::string text;
  const auto items = items_of(list);
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += (i > 0 ? separator : "") + text_of_value(items[i]);
    if (text.size() > kLongestResult) refuse_template("'join' of long texts", "shorter ones");
  }
  return text;
}

JinjaValue split(const std::string& text, const JinjaArguments& arguments) {
  expect_arguments("split", arguments, 1);
  const std::string separator = text_argument("split", arguments, 0);
  if (separator.empty()) refuse_template("'split' at an empty text", "a text to split at");
  JinjaValue parts = JinjaValue::array();
  std::size_t begin = 0;
  for (std::size_t at = text.find(separator); at != std::string::npos;
       at = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, at - begin));
    begin = at + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

JinjaValue defaulted(const JinjaValue& value, const JinjaArguments& arguments) {
  bool for_false = is_true(argument(arguments, 1));
  for (const auto& [name, given] : arguments.named) {
    if (name != "boolean") refuse_template("'default' with " + name, "'default' with boolean");
    for_false = is_true(given);
  }
  const bool replaces = value.is_discarded() || (for_false && !is_true(value));
  if (!replaces) return value;
  return arguments.placed.empty() ? JinjaValue("") : arguments.placed.front();
}

JinjaValue length_of(const JinjaValue& value) {
  if (value.is_null() || value.is_boolean() || value.is_number()) {
    refuse_template("the length of " + kind_of(value), "that of a list or a text");
  }
  return static_cast<std::int64_t>(items_of(value).size());
}

[[noreturn]] void refuse_filter(const std::string& name, const JinjaValue& value) {
  refuse_template("the filter '" + name + "' of " + kind_of(value),
                  "capitalize, default, first, items, join, last, length, list, lower, rejectattr, "
                  "replace, selectattr, string, title, trim, upper, and tojson of a text");
}

/// Returns the items of a list with an attribute that is true, or for which a test holds.
JinjaValue selected(const JinjaValue& list, const JinjaArguments& arguments, bool wanted) {
  expect_arguments("selectattr", arguments, 3);
  const std::string attribute = text_argument("selectattr", arguments, 0);
  JinjaValue kept = JinjaValue::array();
  for (const JinjaValue& item : items_of(list)) {
    const JinjaValue value = jinja_item(item, attribute);
    bool holds = is_true(value);
    if (arguments.placed.size() > 1) {
      const std::vector<JinjaValue> rest(arguments.placed.begin() + 2, arguments.placed.end());
      holds = holds_jinja_test(text_argument("selectattr", arguments, 1), value, {.placed = rest});
    }
    if (holds == wanted) kept.push_back(item);
  }
  return kept;
}

JinjaValue method_of_dictionary(const std::string& name, const JinjaValue& of,
                                const JinjaArguments& arguments) {
  expect_arguments(name, arguments, name == "get" ? 2 : 0);
  if (name == "get") {
    const JinjaValue key = argument(arguments, 0);
    if (key.is_string() && of.contains(key.get<std::string>())) {
      return of.at(key.get<std::string>());
    }
    return arguments.placed.size() > 1 ? arguments.placed[1] : JinjaValue(nullptr);
  }
  JinjaValue list = JinjaValue::array();
  for (const auto& [key, value] : of.items()) {
    if (name == "keys") list.push_back(key);
    if (name == "values") list.push_back(value);
    if (name == "items") list.push_back(JinjaValue::array({key, value}));
  }
  return list;
}

}  // namespace

JinjaValue apply_jinja_filter(const std::string& name, const JinjaValue& value,
                              const JinjaArguments& arguments) {
  if (name == "default" || name == "d") return defaulted(value, arguments);
  if (name == "trim") return stripped(name, text_of_value(value), arguments);
  if (name == "replace") return replaced(text_of_value(value), arguments);
  if (name == "join") {
    expect_arguments(name, arguments, 1);
    return joined(value, arguments.placed.empty() ? "" : text_argument(name, arguments, 0));
  }
  if (name == "selectattr" || name == "rejectattr") {
    return selected(value, arguments, name == "selectattr");
  }
  if (arguments.size() > 0) refuse_filter(name, value);
  if (name == "tojson" && value.is_string()) return value.dump();
  if (name == "upper" || name == "lower" || name == "capitalize" || name == "title") {
    return with_case(name, text_of_value(value));
  }
  if (name == "length" || name == "count") return length_of(value);
  if (name == "string" || name == "safe") return text_of_value(value);
  if (name == "list") return items_of(value);
  if (name == "items" && value.is_object()) return method_of_dictionary(name, value, {});
  if (name == "first" || name == "last") {
    const auto items = items_of(value);
    if (items.empty()) return undefined_value();
    return name == "first" ? items.front() : items.back();
  }
  refuse_filter(name, value);
}

bool holds_jinja_test(const std::string& name, const JinjaValue& value,
                      const JinjaArguments& arguments) {
  const bool compares = name == "equalto" || name == "eq" || name == "ne" || name == "in";
  if (arguments.placed.size() != (compares ? 1U : 0U) || !arguments.named.empty()) {
    refuse_template(
        "the test '" + name + "' with " + std::to_string(arguments.size()) + " arguments",
        compares ? "one" : "none");
  }
  if (name == "in") return is_member(value, arguments.placed.front());
  if (name == "ne") return !are_equal(value, arguments.placed.front());
  if (compares) return are_equal(value, arguments.placed.front());
  if (name == "defined") return !value.is_discarded();
  if (name == "undefined") return value.is_discarded();
  if (name == "none") return value.is_null();
  if (name == "string") return value.is_string();
  if (name == "mapping") return value.is_object();
  if (name == "boolean") return value.is_boolean();
  if (name == "true") return value == JinjaValue(true);
  if (name == "false") return value == JinjaValue(false);
  if (name == "integer") return value.is_number_integer();
  if (name == "number") return value.is_number_integer() || value.is_boolean();
  if (name == "iterable" || name == "sequence") {
    return value.is_string() || value.is_structured() || value.is_discarded();
  }
  refuse_template("the test '" + name + "'",
                  "boolean, defined, equalto, false, in, integer, iterable, mapping, none, number, "
                  "sequence, string, true, undefined");
}

JinjaValue call_jinja_method(const std::string& name, const JinjaValue& of,
                             const JinjaArguments& arguments) {
  if (of.is_object() && (name == "get" || name == "items" || name == "keys" || name == "values")) {
    return method_of_dictionary(name, of, arguments);
  }
  if (of.is_string()) {
    const auto& text = of.get_ref<const std::string&>();
    if (name == "strip" || name == "lstrip" || name == "rstrip") {
      return stripped(name, text, arguments);
    }
    if (name == "split") return split(text, arguments);
    if (name == "replace") return replaced(text, arguments);
    if (name == "startswith" || name == "endswith") {
      expect_arguments(name, arguments, 1);
      const std::string part = text_argument(name, arguments, 0);
      return name == "startswith" ? text.starts_with(part) : text.ends_with(part);
    }
    if (name == "upper" || name == "lower" || name == "capitalize" || name == "title") {
      expect_arguments(name, arguments, 0);
      return with_case(name, text);
    }
  }
  refuse_template("a call of '" + name + "' of " + kind_of(of),
                  "capitalize, endswith, lower, lstrip, replace, rstrip, split, startswith, strip, "
                  "title and upper of a text, get, items, keys and values of a dictionary");
}

}  // namespace sketchscope::text
