#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model_config.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::study {

/// The workload on which each configuration of a study is measured. Parts that are 0 or empty are
/// skipped.
struct Workload {
  int prompts = 0;                        ///< number of prompts taken from the study's text
  std::vector<std::string> prompt_texts;  ///< prompts given as texts instead
  std::vector<int> lengths;               ///< lengths of prompt plus continuation, tokens
  int new_tokens = 0;                     ///< length of the continuation, tokens
  int text_tokens = 0;      ///< tokens at the start of the study's text that are scored
  int context = 0;          ///< tokens per scored chunk; 0 means the model's context
  int questions = 0;        ///< number of recall questions
  int distance_from = 0;    ///< least distance of a question's fact, tokens
  int distance_to = 900;    ///< upper limit of that distance, exclusive
  int attention_every = 0;  ///< N: the attention of every N-th query is compared by head

  /// Returns whether lanes continue prompts.
  [[nodiscard]] bool continues() const { return prompts > 0 || !prompt_texts.empty(); }
};

/// Reads a workload. Throws UsageError that names `source_name` and the unknown key or invalid
/// value.
Workload workload_from_json(const nlohmann::json& json, std::string_view source_name);
/// Returns the JSON form, without skipped parts.
nlohmann::json workload_to_json(const Workload& workload);

/// The knobs of the lanes that one row of a study's results is about.
struct Configuration {
  std::string name;      ///< lists all varying knobs; names its result file, so unique in its grid
  std::string baseline;  ///< "full", "window", …; empty if it comes from the blocks
  settings::Knobs knobs;
};

/// Which of a grid's two workloads is taken; `as_given` takes the quick one if there is one.
enum class Extent : std::uint8_t { as_given, quick, full };

/// The configurations and the workload of a study. Any knob of cache and sketch may vary.
struct Grid {
  std::string name;
  std::string question;  ///< the question that the study answers, a sentence
  std::vector<Configuration> configurations;
  Workload workload;
  nlohmann::json source;  ///< the JSON as given, kept with the results
};

/// Reads a grid from its JSON form, which docs/grids.md describes;
/// `extent` selects its workload. Throws UsageError that names `source_name`, the unknown entry and
/// the nearest known one.
Grid grid_from_json(const nlohmann::json& json, std::string_view source_name, Extent extent,
                    const model::ModelConfig& model);

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

}  // namespace sketchscope::study
