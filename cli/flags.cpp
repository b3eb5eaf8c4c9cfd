#include "cli/flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

[[noreturn]] void refuse(const std::string& flag, const std::string& text,
                         const std::string& expected) {
  throw core::UsageError({.what = flag, .found = "'" + text + "'", .expected = expected});
}

std::optional<int> number_in(Flags::Range range, std::string_view text) {
  const auto number = core::parse_number<int>(text);
  const bool fits = number && *number >= range.minimum && *number <= range.maximum;
  return fits ? number : std::nullopt;
}

std::string range_text(Flags::Range range) {
  return std::to_string(range.minimum) + " to " + std::to_string(range.maximum);
}

Flags::Reader reader_of_choice(const std::string& name, std::string& value,
                               const std::vector<std::string_view>& choices) {
  return [name, &value, choices](const std::string& text) {
    if (std::ranges::find(choices, text) == choices.end()) {
      refuse(name, text, "one of " + core::join(choices));
    }
    value = text;
  };
}

}  // namespace

void Flags::add_reader(const std::string& name, const std::string& placeholder, Reader read,
                       const std::string& help) {
  app_.add_option_function<std::string>(name, std::move(read), help)
      ->group(group_)
      ->type_name(placeholder)
      ->take_last();
}

void Flags::add(const std::string& name, int& value, Range range, const std::string& help) {
  const auto read = [name, &value, range](const std::string& text) {
    const auto number = number_in(range, text);
    if (!number) refuse(name, text, "a whole number from " + range_text(range));
    value = *number;
  };
  add_reader(name, "N", read, help);
}

void Flags::add_list(const std::string& name, std::vector<int>& values, Range range,
                     const std::string& help) {
  const auto read = [name, &values, range](const std::string& text) {
    std::vector<int> numbers;
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
      const auto number = number_in(range, part);
      if (!number) refuse(name, part, "whole numbers from " + range_text(range) + ", as in 1,8,20");
      numbers.push_back(*number);
    }
    if (numbers.empty()) refuse(name, text, "at least one number");
    values = numbers;
  };
  add_reader(name, "N,N,...", read, help);
}

void Flags::add(const std::string& name, std::optional<std::string>& value,
                const std::string& help) {
  add_reader(
      name, "TEXT", [&value](const std::string& text) { value = text; }, help);
}

void Flags::add(const std::string& name, std::filesystem::path& value, const std::string& help) {
  files_.push_back({.flag = name, .path = &value});
  add_path(name, value, help);
}

void Flags::add_output(const std::string& name, std::filesystem::path& value,
                       const std::string& help) {
  files_.push_back({.flag = name, .path = &value, .written = true});
  add_path(name, value, help);
}

void Flags::add_path(const std::string& name, std::filesystem::path& value,
                     const std::string& help) {
  const auto read = [name, &value](const std::string& text) {
    if (text.empty()) refuse(name, text, "a path");
    value = text;
  };
  add_reader(name, "PATH", read, help);
}

void Flags::add_switch(const std::string& name, bool& value, const std::string& help) {
  app_.add_flag(name, value, help)->group(group_);
}

void Flags::add_choice(const std::string& name, std::string& value,
                       const std::vector<std::string_view>& choices, const std::string& help) {
  add_reader(name, core::join(choices, "|"), reader_of_choice(name, value, choices), help);
}

void Flags::add_argument(const std::string& name, std::filesystem::path& value,
                         const std::string& help) {
  files_.push_back({.flag = name, .path = &value});
  app_.add_option_function<std::string>(
          name, [&value](const std::string& text) { value = text; }, help)
      ->required()
      ->type_name("");
}

void Flags::add_optional_argument(const std::string& name, std::filesystem::path& value,
                                  const std::string& help) {
  files_.push_back({.flag = name, .path = &value});
  app_.add_option_function<std::string>(
          name, [&value](const std::string& text) { value = text; }, help)
      ->type_name("");
}

void Flags::add_argument(const std::string& name, std::string& value,
                         const std::vector<std::string_view>& choices, const std::string& help) {
  app_.add_option_function<std::string>(name, reader_of_choice(name, value, choices), help)
      ->required()
      ->type_name(core::join(choices, "|"));
}

}  // namespace sketchscope::cli
