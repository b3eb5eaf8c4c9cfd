#include "engine/model/families/config_options.hpp"

#include <cmath>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::model {
namespace {

bool in_range(const nlohmann::json& value, OptionRange range) {
  // An unsigned value above the signed range would turn negative in the conversion.
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(range.highest)) {
    return false;
  }
  const auto number = value.get<std::int64_t>();
  return number >= range.lowest && number <= range.highest;
}

}  // namespace

ConfigOptions::ConfigOptions(const std::filesystem::path& file)
    : file_(file.string()), json_(core::read_json_object(file)) {}

ConfigOptions::ConfigOptions(std::string source, nlohmann::json options)
    : file_(std::move(source)), json_(std::move(options)) {}

bool ConfigOptions::has(const std::string& option) const {
  return find(option) != nullptr;
}

bool ConfigOptions::lists(const std::string& option) const {
  return json_.contains(option);
}

bool ConfigOptions::is_zero(const std::string& option) const {
  const nlohmann::json* value = find(option);
  return value != nullptr && value->is_number() && *value == 0;
}

int ConfigOptions::integer(const std::string& option, int fallback, OptionRange range) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return fallback;
  if (!value->is_number_integer() || !in_range(*value, range)) {
    refuse(option, *value,
           "a whole number from " + std::to_string(range.lowest) + " to " +
               std::to_string(range.highest));
  }
  return value->get<int>();
}

float ConfigOptions::share(const std::string& option, float fallback) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return fallback;
  if (!value->is_number() || !(value->get<double>() > 0.0) || value->get<double>() > 1.0) {
    refuse(option, *value, "a number above 0, at most 1");
  }
  return value->get<float>();
}

double ConfigOptions::positive(const std::string& option, double fallback) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return fallback;
  if (!value->is_number() || !(value->get<double>() > 0.0) ||
      !std::isfinite(value->get<double>())) {
    refuse(option, *value, "a number above 0");
  }
  return value->get<double>();
}

bool ConfigOptions::boolean(const std::string& option, bool fallback) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return lists(option) ? false : fallback;
  if (!value->is_boolean()) refuse(option, *value, "true or false");
  return value->get<bool>();
}

std::string ConfigOptions::text(const std::string& option, const std::string& fallback) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return fallback;
  if (!value->is_string()) refuse(option, *value, "a text");
  return value->get<std::string>();
}

std::vector<std::string> ConfigOptions::texts(const std::string& option) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return {};
  if (!value->is_array()) refuse(option, *value, "a list of texts");
  std::vector<std::string> all;
  for (const nlohmann::json& one : *value) {
    if (!one.is_string()) refuse(option, one, "a list of texts");
    all.push_back(one.get<std::string>());
  }
  return all;
}

std::vector<bool> ConfigOptions::booleans(const std::string& option) const {
  std::vector<bool> all;
  const nlohmann::json* const list = find(option);
  if (list == nullptr) return all;
  if (!list->is_array()) refuse(option, *list, "a list of 0 and 1, or of false and true");
  for (const nlohmann::json& one : *list) {
    if (one.is_boolean()) {
      all.push_back(one.get<bool>());
    } else if (one.is_number_integer() && in_range(one, {0, 1})) {
      all.push_back(one.get<int>() != 0);
    } else {
      refuse(option, one, "0 or 1, or false or true");
    }
  }
  return all;
}

std::vector<int> ConfigOptions::tokens(const std::string& option,
                                       const std::vector<int>& fallback) const {
  const auto found = json_.find(option);
  if (found == json_.end()) return fallback;
  std::vector<int> ids;
  const auto add = [&](const nlohmann::json& id) {
    if (!id.is_number_integer() || !in_range(id, {-1, kVocabularies.highest})) {
      refuse(option, id, "the id of a token, or a list of ids");
    }
    if (id.get<int>() >= 0) ids.push_back(id.get<int>());
  };
  if (found->is_array()) {
    for (const nlohmann::json& id : *found) add(id);
  } else if (!found->is_null()) {
    add(*found);
  }
  return ids;
}

std::optional<ConfigOptions> ConfigOptions::object(const std::string& option) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) refuse(option, *value, "an object");
  ConfigOptions inside(file_, *value);
  inside.parent_ = parent_ + option + ".";
  return inside;
}

void ConfigOptions::refuse(const std::string& option, const nlohmann::json& value,
                           const std::string& expected) const {
  throw core::Error({.what = "option " + parent_ + option + " of " + file_ + " is not supported",
                     .found = core::brief(value),
                     .expected = expected,
                     .remedy = "open a model whose configuration fits"});
}

void ConfigOptions::refuse(const std::string& option, const std::string& expected) const {
  const nlohmann::json* value = find(option);
  refuse(option, value == nullptr ? nlohmann::json() : *value, expected);
}

const nlohmann::json* ConfigOptions::find(const std::string& option) const {
  const auto found = json_.find(option);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace sketchscope::model
