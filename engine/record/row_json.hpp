#pragma once

#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/record/record_fields.hpp"

// Converts rows of records to JSON objects under the names of their fields. Only sources include
// this header, since it includes the whole JSON library.

namespace sketchscope::record {

/// Sets a member of a JSON object; values that are not finite or were not measured are left out.
template <typename Value>
void set_field(nlohmann::json& json, const std::string& name, const Value& value) {
  if constexpr (std::floating_point<Value>) {
    if (std::isfinite(value)) json[name] = value;
  } else if constexpr (std::same_as<Value, EvictionReason>) {
    json[name] = reason_text(value);
  } else {
    json[name] = value;
  }
}
template <typename Value>
void set_field(nlohmann::json& json, const std::string& name, const std::optional<Value>& value) {
  if (value) set_field(json, name, *value);
}

/// Reads a member of a JSON object. Throws nlohmann::json::exception where the key is missing or
/// holds another type of value.
template <typename Value>
void get_field(const nlohmann::json& json, const std::string& name, Value& value) {
  if constexpr (std::floating_point<Value>) {
    value = json.value(name, std::numeric_limits<Value>::quiet_NaN());
  } else {
    json.at(name).get_to(value);
  }
}
template <typename Value>
void get_field(const nlohmann::json& json, const std::string& name, std::optional<Value>& value) {
  value.reset();
  if (json.contains(name)) get_field(json, name, value.emplace());
}

/// Converts a row to a JSON object with one member per field.
template <typename Row>
nlohmann::json row_to_json(const Row& row) {
  auto json = nlohmann::json::object();
  for_each_field<Row>(
      [&](const auto& field) { set_field(json, std::string(field.name), row.*field.member); });
  return json;
}

/// Converts a JSON object to a row. Throws nlohmann::json::exception as get_field() does.
template <typename Row>
Row row_from_json(const nlohmann::json& json) {
  Row row;
  for_each_field<Row>(
      [&](const auto& field) { get_field(json, std::string(field.name), row.*field.member); });
  return row;
}

}  // namespace sketchscope::record
