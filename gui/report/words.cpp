#include "gui/report/words.hpp"

#include <cstdio>

#include "engine/core/text.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope {
namespace {

const TableCell kNotMeasured{.text = "–", .mark = Mark::quiet};

std::string count(const nlohmann::json& workload, const char* key) {
  return std::to_string(workload.value(key, 0));
}

std::string lengths_text(const nlohmann::json& workload) {
  std::string text;
  for (const auto& length : workload.at("lengths")) {
    text += (text.empty() ? "" : ", ") + std::to_string(length.get<int>());
  }
  return text;
}

}  // namespace

TableCell number_cell(std::optional<double> value, int significant_digits) {
  if (!value) return kNotMeasured;
  char text[48];
  std::snprintf(text, sizeof text, "%.*g", significant_digits, *value);
  return {.text = text};
}

TableCell bytes_cell(std::optional<double> value) {
  if (!value) return kNotMeasured;
  return {.text = bytes_text(static_cast<std::size_t>(*value))};
}

TableCell percent_cell(std::optional<double> value) {
  return value ? TableCell{.text = format_percent(*value)} : kNotMeasured;
}

std::string workload_text(const nlohmann::json& workload) {
  std::string text;
  if (workload.contains("prompts")) {
    const auto& prompts = workload["prompts"];
    const std::size_t number = prompts.is_array() ? prompts.size() : prompts.get<std::size_t>();
    text += std::to_string(number) + " prompts at total lengths of " + lengths_text(workload) +
            " tokens, of which the last " + count(workload, "new_tokens") +
            " are given one by one and scored, and written freely beside that. ";
  }
  if (workload.contains("text_tokens")) {
    text += "The first " + count(workload, "text_tokens") +
            " tokens of a text, fed one by one in chunks that each begin with an empty cache" +
            (workload.contains("context") ? " (" + count(workload, "context") + " tokens)" : "") +
            ". ";
  }
  if (workload.contains("questions")) {
    text += count(workload, "questions") + " questions about facts told " +
            count(workload, "distance_from") + " to " + count(workload, "distance_to") +
            " tokens before. ";
  }
  return text;
}

}  // namespace sketchscope
