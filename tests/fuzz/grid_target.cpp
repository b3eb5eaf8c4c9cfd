#include "engine/study/grid.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/files.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

const model::ModelConfig kGridModel = {.layers = 6, .heads = 6, .width = 192};

bool run_grid(std::string_view input) {
  const auto grid = accepted([&] {
    return study::grid_from_json(core::parse_json_object(input, "grid.json"), "grid.json",
                                 study::Extent::as_given, kGridModel);
  });
  if (!grid) return false;
  std::set<std::string> names;
  for (const study::Configuration& one : grid->configurations) {
    require(names.insert(one.name).second, "two configurations are called " + one.name);
    require(one.name.find('/') == std::string::npos && !one.name.empty(),
            "a configuration's name is no file name");
    settings::check_knobs(one.knobs);
  }
  const nlohmann::json workload = study::workload_to_json(grid->workload);
  require(study::workload_to_json(study::workload_from_json(workload, "again")) == workload,
          "a workload comes back as another");
  return true;
}

std::vector<std::string> grid_seeds() {
  std::vector<std::string> seeds = {
      R"({"name":"n","question":"q","base":{"policy":"heavy-hitter"},"blocks":[{"decay":[1,0.9],)"
      R"("max_cache_size":[64,128],"recent_window":{"share":0.25,"of":"max_cache_size"}}],)"
      R"("baselines":["full",{"name":"mine","policy":"window"}],)"
      R"("quick":{"prompts":3,"lengths":[256],"new_tokens":64}})",
      R"({"blocks":[{"bytes_of_capacity":[64],"kv":["f16"]}],"full":{"text_tokens":100,"context":50,)"
      R"("questions":2,"distance_from":1,"distance_to":30,"attention_every":4}})"};
  for (const study::BuiltinGrid& grid : study::builtin_grids()) seeds.emplace_back(grid.json);
  return seeds;
}

}  // namespace

Target grid_target() {
  return {"grid", "a grid of configurations", run_grid, grid_seeds};
}

}  // namespace sketchscope::fuzz
