#include "engine/study/grid.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::study {
namespace {

struct Number {
  std::string_view key;
  int Workload::*field;
  int minimum;
};

constexpr std::array kNumbers = {
    Number{"new_tokens", &Workload::new_tokens, 1},
    Number{"text_tokens", &Workload::text_tokens, 2},
    Number{"context", &Workload::context, 2},
    Number{"questions", &Workload::questions, 1},
    Number{"distance_from", &Workload::distance_from, 0},
    Number{"distance_to", &Workload::distance_to, 1},
    Number{"attention_every", &Workload::attention_every, 1},
};

[[noreturn]] void refuse(const std::string& source, const std::string& key,
                         const nlohmann::json& value, const std::string& expected) {
  throw core::UsageError(
      {.what = source + ": workload's " + key, .found = value.dump(), .expected = expected});
}

int whole_number(const std::string& source, const std::string& key, const nlohmann::json& value,
                 int minimum) {
  const bool fits = value.is_number_integer() && value.get<std::int64_t>() >= minimum &&
                    value.get<std::int64_t>() <= std::numeric_limits<int>::max();
  if (!fits) refuse(source, key, value, "a whole number from " + std::to_string(minimum));
  return value.get<int>();
}

void read_prompts(const std::string& source, const nlohmann::json& value, Workload& workload) {
  if (!value.is_array()) {
    workload.prompts = whole_number(source, "prompts", value, 1);
    return;
  }
  for (const auto& text : value) {
    if (!text.is_string()) refuse(source, "prompts", text, "texts, or how many to cut from --text");
    workload.prompt_texts.push_back(text.get<std::string>());
  }
}

void read_lengths(const std::string& source, const nlohmann::json& value, Workload& workload) {
  if (!value.is_array() || value.empty()) {
    refuse(source, "lengths", value, "a list of total lengths in tokens, such as [256, 512]");
  }
  for (const auto& length : value) {
    workload.lengths.push_back(whole_number(source, "lengths", length, 2));
  }
}

void check_continuation(const std::string& source, const Workload& workload) {
  if (!workload.continues()) return;
  const auto shortest = std::ranges::min_element(workload.lengths);
  const bool has_room = shortest != workload.lengths.end() && workload.new_tokens > 0 &&
                        *shortest > workload.new_tokens;
  if (has_room) return;
  throw core::UsageError({.what = source + ": workload with prompts",
                          .found = shortest == workload.lengths.end()
                                       ? "no lengths"
                                       : "length " + std::to_string(*shortest) +
                                             " with new_tokens " +
                                             std::to_string(workload.new_tokens),
                          .expected = "lengths, each above new_tokens, and new_tokens from 1"});
}

[[noreturn]] void refuse_key(const std::string& source, const std::string& key) {
  std::vector<std::string_view> known = {"prompts", "lengths"};
  for (const Number& number : kNumbers) known.push_back(number.key);
  throw core::UsageError(
      {.what = source + ": unknown key of a workload",
       .found = "'" + key + "'",
       .expected = "one of those there are, nearest: " + core::join(core::nearest(key, known))});
}

}  // namespace

Workload workload_from_json(const nlohmann::json& json, std::string_view source_name) {
  const std::string source(source_name);
  if (!json.is_object()) refuse(source, "form", json, "an object of keys such as prompts");
  Workload workload;
  for (const auto& [key, value] : json.items()) {
    const auto number = std::ranges::find(kNumbers, key, &Number::key);
    if (number != kNumbers.end()) {
      workload.*(number->field) = whole_number(source, key, value, number->minimum);
    } else if (key == "prompts") {
      read_prompts(source, value, workload);
    } else if (key == "lengths") {
      read_lengths(source, value, workload);
    } else {
      refuse_key(source, key);
    }
  }
  check_continuation(source, workload);
  if (!workload.continues() && workload.text_tokens == 0 && workload.questions == 0) {
    throw core::UsageError({.what = source + ": workload",
                            .found = "nothing to measure on",
                            .expected = "at least one of prompts, text_tokens and questions"});
  }
  return workload;
}

nlohmann::json workload_to_json(const Workload& workload) {
  nlohmann::json json = nlohmann::json::object();
  for (const Number& number : kNumbers) {
    if (workload.*(number.field) > 0) json[std::string(number.key)] = workload.*(number.field);
  }
  if (workload.prompts > 0) json["prompts"] = workload.prompts;
  if (!workload.prompt_texts.empty()) json["prompts"] = workload.prompt_texts;
  if (!workload.lengths.empty()) json["lengths"] = workload.lengths;
  return json;
}

}  // namespace sketchscope::study
