#include "cli/branch_output.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/result_output.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/measure/run_json.hpp"

namespace sketchscope::cli {
namespace {

nlohmann::json path_json(const branch::SampledPath& path, bool with_text) {
  nlohmann::json json = {{"id", path.id},
                         {"parent", nullptr},
                         {"tokens", path.tokens},
                         {"log_probability", path.log_probability},
                         {"branch_positions", path.branch_positions}};
  if (path.parent) json["parent"] = *path.parent;
  if (with_text) json["text"] = path.text;
  return json;
}

nlohmann::json diversity_json(const branch::Diversity& diversity) {
  nlohmann::json json = {{"distinct_texts", diversity.distinct_texts},
                         {"effective_texts", diversity.effective_texts}};
  measure::set_measured(json, "distinct_1", diversity.distinct_1);
  measure::set_measured(json, "distinct_2", diversity.distinct_2);
  measure::set_measured(json, "self_bleu", diversity.self_bleu);
  return json;
}

nlohmann::json memory_json(const branch::CostMeter& meter) {
  return {{"logical_bytes_peak", meter.logical_bytes_peak()},
          {"physical_bytes_peak", meter.cost().kv_bytes_peak},
          {"tree_nodes", meter.cost().tree_nodes}};
}

using Columns = std::vector<std::pair<std::string, double>>;

void add_cost(Columns& columns, const std::string& name, const branch::BranchCost& cost) {
  columns.emplace_back(name + "_tokens", static_cast<double>(cost.tokens_forwarded));
  columns.emplace_back(name + "_ms", cost.wall_ms);
  columns.emplace_back(name + "_kv_bytes", static_cast<double>(cost.kv_bytes_peak));
}

/// Returns one row as named numbers, the columns of the CSV file.
Columns columns_of(const branch::BranchStudyKind& kind, const branch::BranchStudyRow& row) {
  Columns columns = {{std::string(kind.x_name), row.x}};
  if (!kind.y_name.empty()) columns.emplace_back(kind.y_name, row.y);
  columns.emplace_back("prompt", row.prompt);
  columns.emplace_back("paths", row.paths);
  columns.emplace_back("sample_tokens", row.sample_tokens);
  columns.emplace_back("distinct_2", row.distinct_2);
  columns.emplace_back("tree_nodes", static_cast<double>(row.branching.tree_nodes));
  add_cost(columns, "branching", row.branching);
  add_cost(columns, "copies", row.copies);
  for (const auto& [method, cost] : row.baselines) {
    const std::string name = core::name_of(method);
    add_cost(columns, name, cost);
    columns.emplace_back("token_ratio_" + name, row.token_ratio(method));
    columns.emplace_back("time_ratio_" + name, row.time_ratio(method));
  }
  columns.emplace_back("token_ratio_as_published", row.published_token_ratio());
  columns.emplace_back("copy_byte_ratio", row.copy_byte_ratio());
  return columns;
}

std::string csv_of(const branch::BranchStudyKind& kind,
                   std::span<const branch::BranchStudyRow> rows) {
  std::string csv;
  for (const branch::BranchStudyRow& row : rows) {
    std::string heading;
    std::string line;
    for (const auto& [name, value] : columns_of(kind, row)) {
      const std::string separator = line.empty() ? "" : ",";
      heading += separator + name;
      line += separator + core::number_text(value);
    }
    if (csv.empty()) csv = heading + '\n';
    csv += line + '\n';
  }
  return csv;
}

nlohmann::json json_of(const branch::BranchStudyKind& kind, const branch::BranchOptions& base,
                       std::span<const branch::BranchStudyRow> rows) {
  nlohmann::json json = {{"schema", "sketchscope/branch-study/1"},
                         {"study", kind.name},
                         {"config", branch_config_json(base)},
                         {"rows", nlohmann::json::array()}};
  for (const branch::BranchStudyRow& row : rows) {
    nlohmann::json one = nlohmann::json::object();
    for (const auto& [name, value] : columns_of(kind, row)) one[name] = value;
    json["rows"].push_back(std::move(one));
  }
  return json;
}

}  // namespace

nlohmann::json branch_config_json(const branch::BranchOptions& options) {
  nlohmann::json config = settings::knobs_to_json(options.knobs);
  config["max_new_tokens"] = options.max_new_tokens;
  return config;
}

nlohmann::json cost_json(const branch::BranchCost& cost) {
  return {{"tokens_forwarded", cost.tokens_forwarded},
          {"prompt_tokens", cost.prompt_tokens},
          {"path_steps", cost.path_steps},
          {"wall_ms", cost.wall_ms},
          {"kv_bytes_peak", cost.kv_bytes_peak},
          {"kv_pages_peak", cost.kv_pages_peak},
          {"tree_nodes", cost.tree_nodes}};
}

nlohmann::json branch_json(const model::LoadedModel& model, const branch::BranchOptions& options,
                           const branch::BranchMeasurement& measurement) {
  const branch::BranchSamples& branching = measurement.branching;
  nlohmann::json paths = nlohmann::json::array();
  for (const branch::SampledPath& path : branching.paths) {
    paths.push_back(path_json(path, model.tokenizer != nullptr));
  }
  nlohmann::json baselines = nlohmann::json::object();
  for (const auto& [method, meter] : measurement.baselines) {
    baselines[core::name_of(method)] = cost_json(meter.cost());
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

void write_branch_study(const std::filesystem::path& folder, const branch::BranchStudyKind& kind,
                        const branch::BranchOptions& base,
                        std::span<const branch::BranchStudyRow> rows, bool partial) {
  const auto file = [&](const std::string& extension) {
    return folder / ("branch-" + std::string(kind.name) + extension);
  };
  nlohmann::json json = json_of(kind, base, rows);
  if (partial) json["partial"] = true;
  core::write_file(file(".json"), json_text(json) + '\n');
  if (partial) return;
  core::write_file(file(".csv"), csv_of(kind, rows));
  core::write_file(file(".svg"), branch_study_svg(kind, rows, json_text(branch_config_json(base))));
}

}  // namespace sketchscope::cli
