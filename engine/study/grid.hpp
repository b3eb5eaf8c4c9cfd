#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model_config.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/study/workload.hpp"

namespace sketchscope {

/// One point of a study.
struct Configuration {
  std::string name;  ///< tells it apart within its grid by every knob that varies; a file's name
  std::string baseline;  ///< "full", "window", …; empty for a point of the grid itself
  Knobs knobs;
};

enum class Extent : std::uint8_t { as_given, quick, full };

/// What is compared with what, and on what: any knob of cache and sketch may take a list of values.
struct Grid {
  std::string name;
  std::string question;  ///< what the study is to answer, a sentence
  std::vector<Configuration> configurations;
  Workload workload;
  nlohmann::json source;  ///< as it was written, to be kept beside the results
};

/// A grid from its JSON form (see the README of engine/):
///   "blocks"     objects of knobs, each value one or a list; a block stands for all combinations.
///                {"share": s, "of": "max_cache_size"} is that share of another knob.
///                "bytes_of_capacity" stands for the capacity that fits into the bytes which the
///                policy `window` takes at that capacity: equal bytes rather than equal slots.
///   "base"       knobs that all blocks and baselines start from
///   "baselines"  names of known_baselines(), or objects of knobs with a "name"
///   "quick", "full"  workloads; `extent` chooses, the only one there is else
/// Throws UsageError naming `source_name`, what is unknown there, and what is nearest to it.
Grid grid_from_json(const nlohmann::json& json, std::string_view source_name, Extent extent,
                    const ModelConfig& model);

/// What grids are measured against without saying how.
struct BaselineKind {
  std::string_view name;
  std::string_view help;
  std::vector<std::pair<std::string_view, std::string_view>> knobs;
};
std::span<const BaselineKind> known_baselines();

/// Grids that need no file.
struct BuiltinGrid {
  std::string_view name;
  std::string_view help;
  std::string_view json;
};
std::span<const BuiltinGrid> builtin_grids();

}  // namespace sketchscope
