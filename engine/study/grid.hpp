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

/// One configuration of a study.
struct Configuration {
  std::string name;      ///< unique in its grid: lists all varying knobs; a file name
  std::string baseline;  ///< "full", "window", …; empty for a point of the grid itself
  Knobs knobs;
};

enum class Extent : std::uint8_t { as_given, quick, full };

/// The configurations and the workload of a study. Any knob of cache and sketch may vary.
struct Grid {
  std::string name;
  std::string question;  ///< the question that the study answers, a sentence
  std::vector<Configuration> configurations;
  Workload workload;
  nlohmann::json source;  ///< the JSON as given, kept with the results
};

/// Reads a grid from its JSON form (see engine/README.md, "A grid of one's own"):
///   "blocks"     objects of knobs, each value one or a list; a block stands for all combinations.
///                {"share": s, "of": "max_cache_size"} is that share of another knob.
///                "bytes_of_capacity" stands for the capacity that fits into the bytes which the
///                policy `window` takes at that capacity: equal bytes rather than equal slots.
///   "base"       knobs that all blocks and baselines start from
///   "baselines"  names of known_baselines(), or objects of knobs with a "name"
///   "quick", "full"  workloads; `extent` selects one if both are given
/// Throws UsageError that names `source_name`, the unknown entry and the nearest known one.
Grid grid_from_json(const nlohmann::json& json, std::string_view source_name, Extent extent,
                    const ModelConfig& model);

/// A baseline that grids refer to by name alone.
struct BaselineKind {
  std::string_view name;
  std::string_view help;
  std::vector<std::pair<std::string_view, std::string_view>> knobs;
};
std::span<const BaselineKind> known_baselines();

/// A grid that is part of the program.
struct BuiltinGrid {
  std::string_view name;
  std::string_view help;
  std::string_view json;
};
std::span<const BuiltinGrid> builtin_grids();

}  // namespace sketchscope
