#include "cli/branch_json.hpp"

#include <nlohmann/json.hpp>

#include "engine/measure/run_json.hpp"

namespace sketchscope {
namespace {

nlohmann::json path_json(const SampledPath& path, bool with_text) {
  nlohmann::json json = {{"id", path.id},
                         {"parent", nullptr},
                         {"tokens", path.tokens},
                         {"log_probability", path.log_probability},
                         {"branch_positions", path.branch_positions}};
  if (path.parent) json["parent"] = *path.parent;
  if (with_text) json["text"] = path.text;
  return json;
}

nlohmann::json diversity_json(const Diversity& diversity) {
  nlohmann::json json = {{"distinct_texts", diversity.distinct_texts},
                         {"effective_texts", diversity.effective_texts}};
  set_measured(json, "distinct_1", diversity.distinct_1);
  set_measured(json, "distinct_2", diversity.distinct_2);
  set_measured(json, "self_bleu", diversity.self_bleu);
  return json;
}

nlohmann::json memory_json(const CostMeter& meter) {
  return {{"logical_bytes_peak", meter.logical_bytes_peak()},
          {"physical_bytes_peak", meter.cost().kv_bytes_peak},
          {"tree_nodes", meter.cost().tree_nodes}};
}

}  // namespace

nlohmann::json branch_config_json(const BranchOptions& options) {
  nlohmann::json config = knobs_to_json(options.knobs);
  config["max_new_tokens"] = options.max_new_tokens;
  return config;
}

nlohmann::json cost_json(const BranchCost& cost) {
  return {{"tokens_forwarded", cost.tokens_forwarded},
          {"prompt_tokens", cost.prompt_tokens},
          {"path_steps", cost.path_steps},
          {"wall_ms", cost.wall_ms},
          {"kv_bytes_peak", cost.kv_bytes_peak},
          {"kv_pages_peak", cost.kv_pages_peak},
          {"tree_nodes", cost.tree_nodes}};
}

nlohmann::json branch_json(const LoadedModel& model, const BranchOptions& options,
                           const BranchMeasurement& measurement) {
  const BranchSamples& branching = measurement.branching;
  nlohmann::json paths = nlohmann::json::array();
  for (const SampledPath& path : branching.paths) {
    paths.push_back(path_json(path, model.tokenizer != nullptr));
  }
  nlohmann::json baselines = nlohmann::json::object();
  for (const auto& [method, meter] : measurement.baselines) {
    baselines[name_of(method)] = cost_json(meter.cost());
  }
  nlohmann::json diversity = {{"plain", diversity_json(measurement.plain)},
                              {"weighted", diversity_json(measurement.weighted)}};
  if (!baselines.empty()) diversity["independent"] = diversity_json(measurement.independent);
  nlohmann::json json = {{"schema", "sketchscope/branch/1"},
                         {"config", branch_config_json(options)},
                         {"prompt_tokens", options.prompt},
                         {"paths", std::move(paths)},
                         {"cost", cost_json(branching.meter.cost())},
                         {"baselines", std::move(baselines)},
                         {"memory", memory_json(branching.meter)},
                         {"result", {{"evictions", branching.meter.evictions()}}},
                         {"diversity", std::move(diversity)}};
  if (measurement.copies) json["copies"] = cost_json(measurement.copies->cost());
  return json;
}

}  // namespace sketchscope
