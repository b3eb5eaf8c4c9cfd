#include "engine/measure/run_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/record/row_json.hpp"

namespace sketchscope::measure {

void set_measured(nlohmann::json& json, const std::string& key, std::optional<double> value) {
  if (value && std::isfinite(*value)) json[key] = *value;
}

void set_estimate(nlohmann::json& json, const std::string& key,
                  const std::optional<Estimate>& estimate) {
  if (!estimate) return;
  set_measured(json, key, estimate->value);
  if (!estimate->interval) return;
  set_measured(json, key + "_low", estimate->interval->low);
  set_measured(json, key + "_high", estimate->interval->high);
}

void set_likeness(nlohmann::json& json, const LikenessMeans& means) {
  json["continuations"] = means.prompts;
  json["identical_continuations"] = means.identical;
  set_estimate(json, "bleu4", means.bleu4);
  set_estimate(json, "token_agreement", means.agreement);
  set_estimate(json, "first_divergence", means.first_divergence);
}

nlohmann::json result_json(const schedule::RunTotals& totals) {
  nlohmann::json json = {{"evictions", totals.evictions()},
                         {"degenerate_evictions", totals.degenerate_evictions()}};
  for (const auto& [figure, value] : totals.figures()) {
    if (!figure.name.empty()) set_measured(json, std::string(figure.name), value);
  }
  if (totals.any_ended()) {
    nlohmann::json& decided = json["decided"];
    for (const auto& [name, count] : decode::decision_counts()) {
      decided[std::string(name)] = totals.decided().*count;
    }
  }
  if (!totals.warnings().empty()) json["warnings"] = totals.warnings();
  return json;
}

nlohmann::json memory_json(const schedule::RunTotals& totals) {
  auto json = nlohmann::json::object();
  if (!totals.any_ended()) return json;
  record::for_each_field<record::MemoryLedger>([&](const auto& field) {
    if (field.run.name.empty()) return;
    record::set_field(json, std::string(field.run.name), totals.memory_peak().*field.member);
  });
  return json;
}

nlohmann::json timing_json(const schedule::RunTotals& totals) {
  nlohmann::json json = {{"steps", totals.passes()}};
  set_measured(json, "step_ms_p50", totals.pass_ms(0.5));
  set_measured(json, "step_ms_p99", totals.pass_ms(0.99));
  set_measured(json, "tokens_per_second", totals.tokens_per_second());
  set_measured(json, "policy_share", totals.policy_share());
  return json;
}

}  // namespace sketchscope::measure
