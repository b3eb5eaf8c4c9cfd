#include "engine/measure/run_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace sketchscope {

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

nlohmann::json result_json(const RunTotals& totals) {
  nlohmann::json json = {{"evictions", totals.evictions()},
                         {"degenerate_evictions", totals.degenerate_evictions()}};
  set_measured(json, "retained_mass", totals.retained_mass());
  set_measured(json, "attention_kl", totals.attention_kl());
  set_measured(json, "attention_tv", totals.attention_tv());
  set_measured(json, "output_error", totals.output_error());
  set_measured(json, "logit_kl", totals.logit_kl());
  set_measured(json, "top1_agreement", totals.top1_agreement());
  set_measured(json, "regret", totals.regret());
  set_measured(json, "global_eviction_ratio", totals.global_eviction_ratio());
  set_measured(json, "mean_capacity", totals.mean_capacity());
  if (!totals.warnings().empty()) json["warnings"] = totals.warnings();
  return json;
}

nlohmann::json memory_json(const RunTotals& totals) {
  const MemoryLedger& peak = totals.memory_peak();
  return {{"weights_bytes", peak.weights},
          {"kv_bytes", peak.kv_stored},
          {"sketch_bytes", peak.sketch},
          {"statistics_bytes", peak.statistics},
          {"tail_bytes", peak.tail},
          {"audit_bytes", peak.audit},
          {"activation_bytes", peak.activations},
          {"kv_full_bytes", peak.kv_full},
          {"process_peak_bytes", peak.process_peak}};
}

nlohmann::json timing_json(const RunTotals& totals) {
  nlohmann::json json = {{"steps", totals.passes()}};
  set_measured(json, "step_ms_p50", totals.pass_ms(0.5));
  set_measured(json, "step_ms_p99", totals.pass_ms(0.99));
  set_measured(json, "tokens_per_second", totals.tokens_per_second());
  set_measured(json, "policy_share", totals.policy_share());
  return json;
}

}  // namespace sketchscope
