#include "engine/settings/knobs.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/cache/page_pool.hpp"
#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/model/model_config.hpp"
#include "kernels/attention.hpp"

namespace sketchscope::settings {
namespace {

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const KnobInfo& knob : knob_table()) names.push_back(knob.name);
  return names;
}

[[noreturn]] void refuse(const KnobInfo& knob, std::string_view text, const std::string& expected) {
  throw core::UsageError({.what = "knob " + std::string(knob.name),
                          .found = "'" + std::string(text) + "'",
                          .expected = expected});
}

template <typename Value>
concept Numeric = std::integral<Value> || std::floating_point<Value>;

// Converts a number, a value of an enumeration or a choice from a registry to its representation in
// JSON.
template <Numeric Value>
Value json_value(Value value) {
  return value;
}
template <core::NamedEnum Value>
std::string json_value(Value value) {
  return core::name_of(value);
}
template <auto entries>
std::string json_value(const core::Chosen<entries>& choice) {
  return choice.name();
}

std::string json_value(const policy::Formula& formula) {
  return formula.text();
}

std::string text_of_value(int value) {
  return std::to_string(value);
}
std::string text_of_value(std::uint64_t value) {
  return std::to_string(value);
}
std::string text_of_value(double value) {
  return core::number_text(value);
}
std::string text_of_value(const auto& word) {
  return json_value(word);
}

/// Returns the largest value of a knob as text. The largest integer of 64 bits is no double, and
/// the nearest one is larger.
template <Numeric Number>
std::string text_of_maximum(const KnobInfo& knob) {
  constexpr Number kLargest = std::numeric_limits<Number>::max();
  if (std::integral<Number> && knob.maximum >= static_cast<double>(kLargest)) {
    return text_of_value(kLargest);
  }
  return core::number_text(knob.maximum);
}

template <Numeric Number>
void parse(const KnobInfo& knob, std::string_view text, Number& number) {
  const auto value = core::parse_number<Number>(text);
  const bool inside = value && static_cast<double>(*value) >= knob.minimum &&
                      static_cast<double>(*value) <= knob.maximum &&
                      (!knob.odd || std::fmod(static_cast<double>(*value), 2) == 1);
  if (!inside) {
    const std::string kind = knob.odd                ? "an odd number"
                             : std::integral<Number> ? "a whole number"
                                                     : "a number";
    refuse(
        knob, text,
        kind + " from " + core::number_text(knob.minimum) + " to " + text_of_maximum<Number>(knob));
  }
  number = *value;
}

template <core::NamedEnum Value>
void parse(const KnobInfo& knob, std::string_view text, Value& value) {
  const auto found = core::value_named<Value>(text);
  if (!found) refuse(knob, text, "one of " + core::join(knob.choices));
  value = *found;
}

template <auto entries>
void parse(const KnobInfo& knob, std::string_view text, core::Chosen<entries>& choice) {
  const auto* found = entries().find(text);
  if (found == nullptr) refuse(knob, text, "one of " + core::join(knob.choices));
  choice = *found;
}

void parse(const KnobInfo& knob, std::string_view text, policy::Formula& formula) {
  const auto mistake = policy::mistake_in(text);
  if (mistake) {
    throw core::UsageError({.what = "knob " + std::string(knob.name) + ", column " +
                                    std::to_string(mistake->column) + " of '" + std::string(text) +
                                    "'",
                            .found = mistake->found,
                            .expected = mistake->expected});
  }
  formula = policy::Formula(text);
}

// A summary of evicted keys and a code of a key know one position of it, not all those that it
// takes while others leave.
void check_ranked_keys(const Knobs& knobs) {
  if (knobs.positions == Positions::original) return;
  if (knobs.read->reads_tail || knobs.read->reads_pages) {
    throw core::UsageError({.what = "knob positions",
                            .found = "'cache' with read '" + knobs.read.name() + "'",
                            .expected = "a read of stored positions alone",
                            .remedy = "Take positions original, or read full or topk"});
  }
  if (uses_sketch(knobs) && knobs.sketch_key == sketch::SketchKey::key_lsh) {
    throw core::UsageError({.what = "knob positions",
                            .found = "'cache' with sketch_key 'key-lsh'",
                            .expected = "items that do not follow from a key's numbers",
                            .remedy = "Take positions original, or another sketch_key"});
  }
}

}  // namespace

const KnobInfo& knob_info(std::string_view name) {
  const auto table = knob_table();
  const auto found = std::ranges::find(table, name, &KnobInfo::name);
  if (found != table.end()) return *found;
  throw core::UsageError(
      {.what = "unknown knob",
       .found = "'" + std::string(name) + "'",
       .expected = "one of the knobs, nearest: " + core::join(core::nearest(name, all_names()))});
}

std::string knob_text(const Knobs& knobs, const KnobInfo& knob) {
  return std::visit([&](const auto field) { return text_of_value(knobs.*field); }, knob.field);
}

void set_knob(Knobs& knobs, std::string_view name, std::string_view text) {
  const KnobInfo& knob = knob_info(name);
  std::visit([&](const auto field) { parse(knob, text, knobs.*field); }, knob.field);
}

void copy_knob(const Knobs& from, Knobs& to, const KnobInfo& knob) {
  std::visit([&](const auto field) { to.*field = from.*field; }, knob.field);
}

bool same_value(const Knobs& one, const Knobs& other, const KnobInfo& knob) {
  return std::visit([&](const auto field) { return one.*field == other.*field; }, knob.field);
}

void check_knobs(const Knobs& knobs) {
  check_ranked_keys(knobs);
  if (knobs.budget == BudgetKind::heads && knobs.granularity != Granularity::head) {
    throw core::UsageError({.what = "knob budget",
                            .found = "'heads' with granularity 'layer'",
                            .expected = "tables of single heads, which can differ in length",
                            .remedy = "Take granularity head, or another budget"});
  }
  if (knobs.pool_kernel % 2 == 0) {
    throw core::UsageError({.what = "knob pool_kernel",
                            .found = std::to_string(knobs.pool_kernel),
                            .expected = "an odd number, so that a slot stands in the middle"});
  }
  if (!knobs.policy->evicts) return;  // nothing leaves, so no capacity and no summary is needed
  if (knobs.target == TargetKind::retained_mass && knobs.target_value >= 1) {
    throw core::UsageError(
        {.what = "knob target_value",
         .found = core::number_text(knobs.target_value) + " with target retained-mass",
         .expected = "a mass below 1, which the full cache alone retains"});
  }
  if (knobs.max_cache_size <= knobs.sinks) {
    throw core::UsageError({.what = "knob max_cache_size",
                            .found = std::to_string(knobs.max_cache_size) + " with sinks " +
                                     std::to_string(knobs.sinks),
                            .expected = "a capacity above the sinks",
                            .remedy = "Raise max_cache_size or lower sinks"});
  }
  const bool reads_sketch = knobs.read->reads_tail && knobs.aggregate->needs_sketch;
  if (reads_sketch && !uses_sketch(knobs)) {
    throw core::UsageError(
        {.what = "knob aggregate",
         .found = "'" + knobs.aggregate.name() + "' with policy '" + knobs.policy.name() + "'",
         .expected = "a policy that keeps a sketch",
         .remedy = "Take the policy sketch, or another aggregate"});
  }
}

void check_model(const Knobs& knobs, const model::ModelConfig& config) {
  cache::check_page_shape({.heads = 1, .head_width = config.head_width, .format = knobs.kv});
  if (knobs.positions == Positions::original) return;
  if (!config.rotary) {
    throw core::UsageError({.what = "knob positions",
                            .found = "'cache' with a model whose positions are learned",
                            .expected = "a model with rotary positions, such as a Llama",
                            .remedy = "Take positions original"});
  }
  if (!config.unrotated_layers.empty()) {
    throw core::UsageError(
        {.what = "knob positions",
         .found = "'cache' with a model of which layer " +
                  std::to_string(config.unrotated_layers.front()) + " knows no positions",
         .expected = "a model whose layers all rotate their keys, such as a Llama",
         .remedy = "Take positions original"});
  }
  if (config.head_width <= kernels::kWidestRotatedHead) return;
  throw core::UsageError(
      {.what = "knob positions",
       .found = "'cache' with heads of width " + std::to_string(config.head_width),
       .expected = "heads of width " + std::to_string(kernels::kWidestRotatedHead) + " at most",
       .remedy = "Take positions original"});
}

nlohmann::json knobs_to_json(const Knobs& knobs) {
  nlohmann::json json = nlohmann::json::object();
  for (const KnobInfo& knob : knob_table()) {
    std::visit([&](const auto field) { json[std::string(knob.name)] = json_value(knobs.*field); },
               knob.field);
  }
  return json;
}

Knobs knobs_from_json(const nlohmann::json& json, const Knobs& base) {
  if (!json.is_object()) {
    throw core::UsageError({.what = "configuration of knobs",
                            .found = std::string(json.type_name()),
                            .expected = "a JSON object with one key per knob"});
  }
  Knobs knobs = base;
  for (const auto& [name, value] : json.items()) {
    set_knob(knobs, name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return knobs;
}

Knobs recorded_knobs(const nlohmann::json& json, Knobs base) {
  base.sketch_hash = kernels::SketchInput::plain;
  return knobs_from_json(json, base);
}

std::unique_ptr<policy::Policy> make_policy(const Knobs& knobs) {
  return knobs.policy->make({.formula = knobs.formula});
}

bool uses_sketch(const Knobs& knobs) {
  return knobs.policy->uses_sketch || (knobs.policy->takes_formula && knobs.formula.uses_sketch());
}

bool policy_differs(const Knobs& one, const Knobs& other) {
  return one.policy != other.policy || (one.policy->takes_formula && one.formula != other.formula);
}

policy::Observation observation_of(const Knobs& knobs) {
  return {.window = knobs.observation_window, .pool_kernel = knobs.pool_kernel};
}

int protected_latest(const Knobs& knobs) {
  // The queries that a policy observes are those before the incoming token's.
  const int observed = knobs.policy->make()->protected_latest(observation_of(knobs));
  return std::max({knobs.recent_window, 1, observed > 0 ? observed + 1 : 0});
}

sketch::SketchShape sketch_shape(const Knobs& knobs) {
  return {.width = knobs.sketch_width,
          .depth = knobs.sketch_depth,
          .seed = knobs.sketch_seed,
          .input = knobs.sketch_hash};
}

std::string flag_of(const KnobInfo& knob) {
  std::string flag = "--" + std::string(knob.name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

}  // namespace sketchscope::settings
