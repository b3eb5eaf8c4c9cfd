#include "engine/settings/knobs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/policy/policy.hpp"
#include "engine/read/tail_summary.hpp"

namespace sketchscope {
namespace {

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const KnobInfo& knob : knob_table()) names.push_back(knob.name);
  return names;
}

[[noreturn]] void refuse(const KnobInfo& knob, std::string_view text, const std::string& expected) {
  throw UsageError({.what = "knob " + std::string(knob.name),
                    .found = "'" + std::string(text) + "'",
                    .expected = expected});
}

template <typename Number>
Number parse_in_range(const KnobInfo& knob, std::string_view text) {
  const auto value = parse_number<Number>(text);
  const bool inside = value && static_cast<double>(*value) >= knob.minimum &&
                      static_cast<double>(*value) <= knob.maximum;
  if (!inside) {
    const std::string kind = std::is_integral_v<Number> ? "a whole number" : "a number";
    refuse(knob, text,
           kind + " from " + number_text(knob.minimum) + " to " + number_text(knob.maximum));
  }
  return *value;
}

}  // namespace

const KnobInfo& knob_info(std::string_view name) {
  const auto table = knob_table();
  const auto found = std::ranges::find(table, name, &KnobInfo::name);
  if (found != table.end()) return *found;
  throw UsageError({.what = "unknown knob",
                    .found = "'" + std::string(name) + "'",
                    .expected = "one of the knobs, nearest: " + join(nearest(name, all_names()))});
}

std::string knob_text(const Knobs& knobs, const KnobInfo& knob) {
  return std::visit(
      [&](const auto field) -> std::string {
        const auto& value = knobs.*field;
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>)
          return value;
        else if constexpr (std::is_same_v<Value, double>)
          return number_text(value);
        else
          return std::to_string(value);
      },
      knob.field);
}

void set_knob(Knobs& knobs, std::string_view name, std::string_view text) {
  const KnobInfo& knob = knob_info(name);
  std::visit(
      [&](const auto field) {
        using Value = std::decay_t<decltype(knobs.*field)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          if (std::ranges::find(knob.choices, text) == knob.choices.end()) {
            refuse(knob, text, "one of " + join(knob.choices));
          }
          knobs.*field = std::string(text);
        } else {
          knobs.*field = parse_in_range<Value>(knob, text);
        }
      },
      knob.field);
}

void check_knobs(const Knobs& knobs) {
  if (knobs.policy == "full") return;  // nothing leaves, so no capacity and no summary is needed
  if (knobs.target == "retained-mass" && knobs.target_value >= 1) {
    throw UsageError({.what = "knob target_value",
                      .found = number_text(knobs.target_value) + " with target retained-mass",
                      .expected = "a mass below 1, which the full cache alone retains"});
  }
  if (knobs.max_cache_size <= knobs.sinks) {
    throw UsageError({.what = "knob max_cache_size",
                      .found = std::to_string(knobs.max_cache_size) + " with sinks " +
                               std::to_string(knobs.sinks),
                      .expected = "a capacity above the sinks",
                      .remedy = "Raise max_cache_size or lower sinks"});
  }
  const bool reads_sketch =
      knobs.read == "aggregate" && aggregate_kind(knobs.aggregate).needs_sketch;
  if (reads_sketch && !make_policy(knobs.policy)->uses_sketch()) {
    throw UsageError({.what = "knob aggregate",
                      .found = "'" + knobs.aggregate + "' with policy '" + knobs.policy + "'",
                      .expected = "a policy that keeps a sketch",
                      .remedy = "Take the policy sketch, or another aggregate"});
  }
}

void check_head_width(const Knobs& knobs, int head_width) {
  if (knobs.kv != "int4" || head_width % 2 == 0) return;
  throw UsageError({.what = "knob kv",
                    .found = "'int4' with heads of width " + std::to_string(head_width),
                    .expected = "an even head width: two numbers share a byte",
                    .remedy = "Take int8, f16 or f32"});
}

KvFormat kv_format_from(std::string_view name) {
  const auto& choices = knob_info("kv").choices;
  const auto found = std::ranges::find(choices, name);
  if (found == choices.end()) refuse(knob_info("kv"), name, "one of " + join(choices));
  return static_cast<KvFormat>(found - choices.begin());
}

nlohmann::json knobs_to_json(const Knobs& knobs) {
  nlohmann::json json = nlohmann::json::object();
  for (const KnobInfo& knob : knob_table()) {
    std::visit([&](const auto field) { json[std::string(knob.name)] = knobs.*field; }, knob.field);
  }
  return json;
}

Knobs knobs_from_json(const nlohmann::json& json, const Knobs& base) {
  if (!json.is_object()) {
    throw UsageError({.what = "configuration of knobs",
                      .found = std::string(json.type_name()),
                      .expected = "a JSON object with one key per knob"});
  }
  Knobs knobs = base;
  for (const auto& [name, value] : json.items()) {
    set_knob(knobs, name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return knobs;
}

std::string flag_of(const KnobInfo& knob) {
  std::string flag = "--" + std::string(knob.name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

}  // namespace sketchscope
