#include "engine/study/batch_measurement.hpp"

#include <nlohmann/json.hpp>

#include "engine/measure/run_json.hpp"
#include "engine/study/study_folder.hpp"

namespace sketchscope::study {
namespace {

using Json = nlohmann::json;

Json layers_json(const std::vector<record::FieldTotals<record::LayerRecord>>& layers) {
  Json json = Json::array();
  for (const record::FieldTotals<record::LayerRecord>& layer : layers) {
    Json one = Json::object();
    layer.for_each([&](const auto& field, std::optional<double> value) {
      if (field.run.by_layer) measure::set_measured(one, std::string(field.name), value);
    });
    json.push_back(std::move(one));
  }
  return json;
}

Json heads_json(const measure::HeadWatch& heads) {
  Json json = {{"queries", heads.queries()}};
  for (std::size_t figure = 0; figure < measure::kHeadFigures.size(); ++figure) {
    Json layers = Json::array();
    for (const measure::HeadMeans& head : heads.means()) {
      const auto layer = static_cast<std::size_t>(head.layer);
      if (layers.size() <= layer) layers.push_back(Json::array());
      layers[layer].push_back(head.figures[figure].value().value_or(0));
    }
    json[std::string(measure::kHeadFigures[figure].name)] = std::move(layers);
  }
  return json;
}

Json texts_json(const ConfigurationResult& result) {
  Json texts = Json::array();
  for (std::size_t at = 0; at < result.scores.size(); ++at) {
    const measure::ChunkScore& score = result.scores[at];
    const TextDivergence& divergence = result.divergences[at];
    Json text = {{"nll", score.nll}, {"tokens", score.scored}, {"steps", divergence.steps}};
    measure::set_measured(text, "logit_kl", divergence.logit_kl);
    measure::set_measured(text, "attention_kl", divergence.attention_kl);
    measure::set_measured(text, "within_bound", divergence.within_bound);
    texts.push_back(std::move(text));
  }
  return texts;
}

Json estimates_json(const schedule::EstimateError& estimates) {
  Json json = Json::object();
  measure::set_measured(json, "mean_error", estimates.mean);
  measure::set_measured(json, "largest_error", estimates.largest);
  measure::set_measured(json, "bound", estimates.bound);
  measure::set_measured(json, "within_bound", estimates.within_bound);
  return json;
}

Json continuation_json(const std::vector<ContinuationResult>& continuations) {
  std::vector<measure::Likeness> likenesses;
  Json prompts = Json::array();
  for (const ContinuationResult& one : continuations) {
    const measure::Likeness& likeness = one.likeness;
    likenesses.push_back(likeness);
    Json prompt = {{"prompt", one.prompt},
                   {"length", one.length},
                   {"bleu4", likeness.bleu4},
                   {"token_agreement", static_cast<double>(likeness.agreed) / likeness.tokens},
                   {"tokens", one.tokens}};
    if (!likeness.identical()) prompt["first_divergence"] = likeness.first_divergence;
    prompts.push_back(std::move(prompt));
  }
  Json json = {{"prompts", std::move(prompts)}};
  measure::set_likeness(json, measure::means_of(likenesses));
  return json;
}

Json recall_json(const std::vector<measure::RecallAnswer>& answers) {
  measure::RecallCount all, changed;
  Json each = Json::array();
  for (const measure::RecallAnswer& answer : answers) {
    ++all.asked;
    all.right += answer.right ? 1 : 0;
    changed.asked += answer.changed_fact ? 1 : 0;
    changed.right += answer.changed_fact && answer.right ? 1 : 0;
    each.push_back({{"distance", answer.distance},
                    {"changed_fact", answer.changed_fact},
                    {"right", answer.right}});
  }
  Json json = {{"asked", all.asked},
               {"right", all.right},
               {"changed_facts", {{"asked", changed.asked}, {"right", changed.right}}},
               {"answers", std::move(each)}};
  measure::set_estimate(json, "share", measure::right_share(all));
  return json;
}

Json figures_json(const ConfigurationResult& result) {
  Json json = sketchscope::measure::result_json(result.totals);
  std::int64_t tokens = 0;
  double nll = 0;
  for (const measure::ChunkScore& score : result.scores) {
    tokens += score.scored;
    nll += score.nll;
  }
  if (tokens > 0) {
    json["tokens"] = tokens;
    json["chunks"] = texts_json(result);
    measure::set_measured(json, "nll", nll / static_cast<double>(tokens));
    measure::set_estimate(json, "perplexity", measure::perplexity(result.scores));
    measure::set_estimate(json, "perplexity_ratio",
                          measure::perplexity_ratio(result.scores, result.full_scores));
  }
  if (!result.layers.empty()) json["by_layer"] = layers_json(result.layers);
  if (result.heads && result.heads->queries() > 0) json["by_head"] = heads_json(*result.heads);
  if (result.estimates) json["estimates"] = estimates_json(*result.estimates);
  if (!result.row_loads.empty()) json["sketch_row_loads"] = result.row_loads;
  if (!result.continuations.empty()) json["continuation"] = continuation_json(result.continuations);
  if (!result.answers.empty()) json["recall"] = recall_json(result.answers);
  return json;
}

// The memory of one lane. Memory that the session holds for all lanes is excluded, since it depends
// on their number.
Json lane_memory_json(const schedule::RunTotals& totals) {
  Json json = measure::memory_json(totals);
  json.erase("activation_bytes");
  json.erase("process_peak_bytes");
  const record::MemoryLedger& peak = totals.memory_peak();
  json["total_bytes"] = peak.kv_stored + peak.sketch + peak.statistics + peak.tail;
  return json;
}

Json study_timing_json(const StudyTiming& timing) {
  Json json = measure::timing_json(timing.passes);
  measure::set_measured(json, "lanes", timing.lanes);
  measure::set_measured(json, "prompt_ms", timing.prompt_ms);
  measure::set_measured(json, "own_policy_ms", timing.own_policy_ms);
  measure::set_measured(json, "linear_ms", timing.per_token.linear_ms);
  measure::set_measured(json, "attention_ms", timing.per_token.attention_ms);
  measure::set_measured(json, "policy_ms", timing.per_token.policy_ms);
  measure::set_measured(json, "audit_ms", timing.per_token.audit_ms);
  return json;
}

}  // namespace

Json result_json(const Configuration& configuration, const ConfigurationResult& result) {
  Json json = {{"schema", kResultSchema},
               {"name", configuration.name},
               {"config", settings::knobs_to_json(configuration.knobs)},
               {"result", figures_json(result)},
               {"memory", lane_memory_json(result.totals)},
               {"timing", study_timing_json(result.timing)}};
  if (!configuration.baseline.empty()) json["baseline"] = configuration.baseline;
  return json;
}

}  // namespace sketchscope::study
