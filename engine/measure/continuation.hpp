#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/measure/bootstrap.hpp"
#include "engine/model/model.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::measure {

/// Occurrences of each n-gram of `order` tokens.
using NgramCounts = std::map<std::vector<int>, int>;
NgramCounts count_ngrams(std::span<const int> tokens, int order);

/// Returns BLEU (Papineni et al., 2002) over token ids, 0 to 1: the geometric mean of the clipped
/// precisions of orders 1 to `longest`, times the brevity penalty against the reference nearest in
/// length. There is no smoothing, so a candidate without a matching n-gram of `longest` tokens
/// scores 0.
double bleu(std::span<const int> candidate, std::span<const std::vector<int>> references,
            int longest);

/// Options of continue_prompts().
struct ContinuationOptions {
  settings::Knobs knobs;  ///< temperature is ignored, as decoding is greedy
  int max_new_tokens = 64;
  bool stop_at_end_of_text = true;
  bool audit = false;
  int lanes = 8;  ///< prompts that are continued in the same pass
  int threads = 1;
};

/// Greedy continuations of several prompts.
struct Continuations {
  /// The new tokens of each prompt, without the end-of-text token.
  std::vector<std::vector<int>> tokens;
  schedule::RunTotals totals;
  bool interrupted = false;
};

/// Continues every prompt greedily; the knob `prefill` says how prompts are fed. A continuation
/// ends at the model's last position at the latest. Throws Error on a prompt without tokens or
/// beyond the model's context.
Continuations continue_prompts(std::shared_ptr<const model::Model> model,
                               std::span<const std::vector<int>> prompts,
                               const ContinuationOptions& options,
                               const core::ProgressSink& progress, std::stop_token stop);

/// How well a continuation agrees with the full cache's continuation of the same prompt. Tokens
/// beyond the end of the shorter one count as different.
struct Likeness {
  double bleu4 = 0;
  int tokens = 0;            ///< length of the longer one
  int agreed = 0;            ///< places at which both have equal tokens
  int first_divergence = 0;  ///< length of the common prefix

  [[nodiscard]] bool identical() const { return first_divergence == tokens; }
};
/// Compares the tokens of a continuation with those of the full cache's, `full`.
Likeness compare_continuation(std::span<const int> tokens, const std::vector<int>& full);

/// Means over prompts with their intervals, empty if no prompt was long enough. BLEU-4 ignores
/// continuations of fewer than four tokens, which have no 4-gram.
struct LikenessMeans {
  std::optional<Estimate> bleu4;
  std::optional<Estimate> agreement;  ///< share of all tokens
  std::optional<Estimate> first_divergence;
  int prompts = 0;
  int identical = 0;
};
LikenessMeans means_of(std::span<const Likeness> likenesses);

/// Continues the prompts under the knobs and under the full cache, in the same passes, and compares
/// the two. Empty if it was stopped early. `lanes` counts prompts.
std::optional<LikenessMeans> compare_with_full(std::shared_ptr<const model::Model> model,
                                               std::span<const std::vector<int>> prompts,
                                               const ContinuationOptions& options,
                                               const core::ProgressSink& progress,
                                               std::stop_token stop);

}  // namespace sketchscope::measure
