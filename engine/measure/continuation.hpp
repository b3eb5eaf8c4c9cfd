#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/measure/bootstrap.hpp"
#include "engine/model/model.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

struct ContinuationOptions {
  Knobs knobs;  ///< the temperature is taken as 0
  int max_new_tokens = 64;
  bool stop_at_end_of_text = true;
  bool audit = false;
  int lanes = 8;  ///< prompts that are continued together
  int threads = 1;
};

struct Continuations {
  /// The new tokens of each prompt, without an end-of-text that ended it.
  std::vector<std::vector<int>> tokens;
  RunTotals totals;
  bool interrupted = false;
};

/// Continues every prompt by its likeliest tokens; the prompt goes in by the knobs' prefill. One
/// that reaches the model's last position ends there. `progress` hears the share done. Throws Error
/// on a prompt without tokens or beyond the model's context.
Continuations continue_prompts(std::shared_ptr<const Model> model,
                               std::span<const std::vector<int>> prompts,
                               const ContinuationOptions& options,
                               const std::function<void(double)>& progress, std::stop_token stop);

/// A continuation beside the full cache's of the same prompt. A token that only the longer one has
/// counts as one that differs.
struct Likeness {
  double bleu4 = 0;
  int tokens = 0;            ///< of the longer one
  int agreed = 0;            ///< places at which both have the same token
  int first_divergence = 0;  ///< tokens before they part; all where they do not

  [[nodiscard]] bool identical() const { return first_divergence == tokens; }
};
Likeness compare_continuation(std::span<const int> tokens, const std::vector<int>& full);

/// Means over prompts with their intervals; empty where no prompt was long enough. BLEU-4 leaves
/// out continuations of fewer than four tokens, in which nothing can match.
struct LikenessMeans {
  std::optional<Estimate> bleu4;
  std::optional<Estimate> agreement;  ///< share of all tokens
  std::optional<Estimate> first_divergence;
  int prompts = 0;
  int identical = 0;
};
LikenessMeans means_of(std::span<const Likeness> likenesses);

/// Continues the prompts under the knobs and under the full cache, both in the same passes, and
/// compares; empty where it was stopped before all were through. `lanes` counts prompts.
std::optional<LikenessMeans> compare_with_full(std::shared_ptr<const Model> model,
                                               std::span<const std::vector<int>> prompts,
                                               const ContinuationOptions& options,
                                               const std::function<void(double)>& progress,
                                               std::stop_token stop);

}  // namespace sketchscope
