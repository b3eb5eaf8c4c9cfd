#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "engine/measure/continuation.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/measure/head_shift.hpp"
#include "engine/measure/recall.hpp"
#include "engine/schedule/estimate_error.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/study/grid.hpp"

namespace sketchscope {

/// A greedy continuation beside that of the full cache.
struct ContinuationResult {
  int prompt = 0;  ///< its number
  int length = 0;  ///< of prompt and continuation, tokens
  std::vector<int> tokens;
  Likeness likeness;
};

/// Where the time of a batch of configurations went that shared forward passes, and this one's own
/// part of it.
struct StudyTiming {
  RunTotals passes;          ///< of the batch
  double lanes = 0;          ///< rows of a pass, mean
  PhaseTimes per_token;      ///< of the batch, each row alike
  double prompt_ms = 0;      ///< of the batch
  double own_policy_ms = 0;  ///< of a token of this configuration
};

/// How far one scored text led from the full cache: means over its steps.
struct TextDivergence {
  std::size_t steps = 0;
  std::optional<double> logit_kl;
  std::optional<double> attention_kl;
};

/// What was measured of one configuration.
struct ConfigurationResult {
  std::vector<ChunkScore> scores;           ///< of chunks, then of texts that follow the prompts
  std::vector<ChunkScore> full_scores;      ///< of the same under the full cache
  std::vector<TextDivergence> divergences;  ///< of the same
  RunTotals totals;
  std::vector<FieldTotals<LayerRecord>> layers;  ///< (L), over all steps of the scored lanes
  std::optional<HeadWatch> heads;
  std::optional<EstimateError> estimates;  ///< mean over lanes
  std::vector<ContinuationResult> continuations;
  std::vector<RecallAnswer> answers;
  StudyTiming timing;
};

/// Its file: all but "timing" is the same in every run on the same machine.
nlohmann::json result_json(const Configuration& configuration, const ConfigurationResult& result);

}  // namespace sketchscope
