#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/measure/continuation.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/measure/heads.hpp"
#include "engine/measure/recall.hpp"
#include "engine/model/model.hpp"
#include "engine/schedule/record_builder.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/study/grid.hpp"
#include "engine/study/material.hpp"

namespace sketchscope::study {

/// A greedy continuation compared with that of the full cache.
struct ContinuationResult {
  int prompt = 0;  ///< index of the prompt
  int length = 0;  ///< prompt and continuation, tokens
  std::vector<int> tokens;
  measure::Likeness likeness;
};

/// The times of a batch of configurations that shared forward passes, and this configuration's
/// part.
struct StudyTiming {
  schedule::RunTotals passes;    ///< of the batch
  double lanes = 0;              ///< mean rows per pass
  record::PhaseTimes per_token;  ///< of the batch, divided evenly over rows
  double prompt_ms = 0;          ///< of the batch
  double own_policy_ms = 0;      ///< policy time per token of this configuration
};

/// The divergence of one scored text from the full cache: means over its steps.
struct TextDivergence {
  std::size_t steps = 0;
  std::optional<double> logit_kl;
  std::optional<double> attention_kl;
  std::optional<double> within_bound;  ///< EstimateError::within_bound at its end
};

/// The results of one configuration.
struct ConfigurationResult {
  std::vector<measure::ChunkScore> scores;       ///< of chunks, then of the texts after prompts
  std::vector<measure::ChunkScore> full_scores;  ///< the full cache's, in the same order
  std::vector<TextDivergence> divergences;       ///< in the same order
  schedule::RunTotals totals;
  std::vector<record::FieldTotals<record::LayerRecord>>
      layers;  ///< (L), over all steps of the scored lanes
  std::optional<measure::HeadWatch> heads;
  std::optional<schedule::EstimateError> estimates;  ///< mean over lanes
  std::vector<double> row_loads;  ///< filled shares of the sketch's rows, mean over lanes, (R)
  std::vector<ContinuationResult> continuations;
  std::vector<measure::RecallAnswer> answers;
  StudyTiming timing;
};

/// Returns the result file's JSON. All of it but "timing" repeats in every run on the same machine.
nlohmann::json result_json(const Configuration& configuration, const ConfigurationResult& result);

/// Options of measure_batch().
struct BatchOptions {
  int lanes = 64;  ///< upper limit of lanes per pass; a group is never split
  int threads = 1;
};

/// Measures several configurations in shared forward passes: each prompt is prefilled once, and all
/// configurations share one full-cache lane as twin. A result depends on its own configuration
/// alone, times excepted. `on_step` receives the number of tokens fed. Returns nothing after a stop
/// request.
std::vector<ConfigurationResult> measure_batch(const std::shared_ptr<const model::Model>& model,
                                               std::span<const Configuration> configurations,
                                               const StudyMaterial& material,
                                               const BatchOptions& options,
                                               const std::function<void(std::size_t)>& on_step,
                                               const std::stop_token& stop);

/// Returns how many lanes of the longest passage's length fit into a part of the machine's free
/// memory; 4 to 96.
int lanes_that_fit(const model::Model& model, const StudyMaterial& material);

}  // namespace sketchscope::study
