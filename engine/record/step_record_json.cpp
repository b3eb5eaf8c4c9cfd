#include "engine/record/step_record_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>

namespace sketchscope {
namespace {

using Json = nlohmann::json;

template <typename Value>
void set(Json& json, const char* key, const std::optional<Value>& value) {
  if (!value) return;
  if constexpr (std::is_floating_point_v<Value>) {
    if (!std::isfinite(*value)) return;
  }
  json[key] = *value;
}

Json layer_json(const LayerRecord& layer) {
  Json json = {{"stored", layer.stored}, {"tables", layer.tables}};
  set(json, "capacity", layer.capacity);
  set(json, "retained_mass", layer.retained_mass);
  set(json, "attention_kl", layer.attention_kl);
  set(json, "attention_tv", layer.attention_tv);
  set(json, "output_error", layer.output_error);
  set(json, "output_cosine", layer.output_cosine);
  set(json, "regret", layer.regret);
  return json;
}

Json eviction_json(const EvictionRecord& eviction) {
  Json json = {{"layer", eviction.layer},
               {"position", eviction.position},
               {"token", eviction.token},
               {"candidates", eviction.candidates},
               {"reason", reason_text(eviction.reason)},
               {"degenerate", eviction.degenerate}};
  set(json, "head", eviction.head);
  set(json, "score", std::optional(eviction.score));
  set(json, "exact_score", eviction.exact_score);
  set(json, "margin", eviction.margin);
  set(json, "next_position", eviction.next_position);
  return json;
}

Json candidate_json(const Candidate& candidate) {
  Json json = {{"token", candidate.token}, {"probability", candidate.probability}};
  set(json, "twin_probability", candidate.twin_probability);
  return json;
}

Json change_json(const KnobChange& change) {
  Json json = {{"knob", change.knob}, {"from", change.from}, {"to", change.to}};
  if (!change.note.empty()) json["note"] = change.note;
  return json;
}

Json times_json(const PhaseTimes& times) {
  return {{"total_ms", times.total_ms},         {"linear_ms", times.linear_ms},
          {"attention_ms", times.attention_ms}, {"policy_ms", times.policy_ms},
          {"audit_ms", times.audit_ms},         {"record_ms", times.record_ms}};
}

Json memory_json(const MemoryLedger& memory) {
  Json json = {{"weights", memory.weights},
               {"kv_stored", memory.kv_stored},
               {"sketch", memory.sketch},
               {"statistics", memory.statistics},
               {"tail", memory.tail},
               {"audit", memory.audit},
               {"activations", memory.activations},
               {"pages_reserved", memory.pages_reserved},
               {"kv_full", memory.kv_full},
               {"process", memory.process},
               {"process_peak", memory.process_peak}};
  set(json, "device_used", memory.device_used);
  set(json, "device_total", memory.device_total);
  return json;
}

template <typename Item>
Json array_of(const std::vector<Item>& items, Json (*convert)(const Item&)) {
  Json array = Json::array();
  for (const Item& item : items) array.push_back(convert(item));
  return array;
}

}  // namespace

Json step_record_to_json(const StepRecord& record) {
  Json json = {{"step", record.step},
               {"position", record.position},
               {"tokens", record.tokens},
               {"prompt_tokens", record.prompt_tokens},
               {"entropy", record.entropy},
               {"global_eviction_ratio", record.global_eviction_ratio},
               {"candidates", array_of(record.candidates, candidate_json)},
               {"layers", array_of(record.layers, layer_json)},
               {"evictions", array_of(record.evictions, eviction_json)},
               {"changes", array_of(record.changes, change_json)},
               {"times", times_json(record.times)},
               {"memory", memory_json(record.memory)}};
  set(json, "token_probability", record.token_probability);
  set(json, "token_rank", record.token_rank);
  set(json, "twin_token_probability", record.twin_token_probability);
  set(json, "twin_token_rank", record.twin_token_rank);
  set(json, "logit_kl", record.logit_kl);
  set(json, "top1_agrees", record.top1_agrees);
  set(json, "top_rank_under_twin", record.top_rank_under_twin);
  return json;
}

}  // namespace sketchscope
