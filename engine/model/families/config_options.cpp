#include "engine/model/families/config_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {
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
    : file_(file.string()), json_(read_json_object(file)) {}

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

bool ConfigOptions::boolean(const std::string& option, bool fallback) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) refuse(option, *value, "true or false");
  return value->get<bool>();
}

std::string ConfigOptions::text(const std::string& option, const std::string& fallback) const {
  const nlohmann::json* value = find(option);
  if (value == nullptr) return fallback;
  if (!value->is_string()) refuse(option, *value, "a text");
  return value->get<std::string>();
}

int ConfigOptions::token(const std::string& option, int fallback) const {
  const auto found = json_.find(option);
  if (found == json_.end()) return fallback;
  const nlohmann::json& value = found->is_array() && !found->empty() ? found->front() : *found;
  if (value.is_null()) return kNoToken;
  if (!value.is_number_integer() || !in_range(value, {kNoToken, kVocabularies.highest})) {
    refuse(option, value, "the id of a token");
  }
  return value.get<int>();
}

void ConfigOptions::refuse(const std::string& option, const nlohmann::json& value,
                           const std::string& expected) const {
  throw Error({.what = "option " + option + " of " + file_ + " is not supported",
               .found = brief(value),
               .expected = expected,
               .remedy = "open a model whose configuration fits"});
}

const nlohmann::json* ConfigOptions::find(const std::string& option) const {
  const auto found = json_.find(option);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace sketchscope
