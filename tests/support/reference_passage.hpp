#pragma once

#include <cstddef>
#include <vector>

#include "engine/schedule/schedule.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::support {

/// The results of ReferenceRun for a passage with greedy draws.
struct ReferencePassage {
  double nll = 0;
  int scored = 0;
  std::vector<int> drawn;
  std::size_t evictions = 0;
  std::vector<std::vector<double>> logits;  ///< after each token of a decode step, (V)
  std::vector<double> retained_mass;        ///< mean over layers, in the same order
};

/// Returns whether ReferenceRun supports these knobs: it has no reads, stored formats or targets.
bool has_reference(const settings::Knobs& knobs);

ReferencePassage reference_passage(const TinyModelOptions& model, const settings::Knobs& knobs,
                                   const schedule::Passage& passage);

/// Returns the mean over steps of KL(full‖capped) of the next-token distributions, nats.
double mean_logit_kl(const ReferencePassage& full, const ReferencePassage& capped);
/// Returns the share of steps at which the most likely tokens agree.
double top1_agreement(const ReferencePassage& full, const ReferencePassage& capped);

}  // namespace sketchscope::support
