#pragma once

#include <cstddef>
#include <vector>

#include "engine/schedule/schedule.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::support {

/// What ReferenceRun makes of a passage, drawing greedily.
struct ReferencePassage {
  double nll = 0;
  int scored = 0;
  std::vector<int> drawn;
  std::size_t evictions = 0;
  std::vector<std::vector<double>> logits;  ///< after each token that was fed by itself, (V)
  std::vector<double> retained_mass;        ///< mean over layers, likewise
};

/// Whether ReferenceRun knows these rules: it has neither reads nor formats nor targets.
bool has_reference(const Knobs& knobs);

ReferencePassage reference_passage(const TinyModelOptions& model, const Knobs& knobs,
                                   const Passage& passage);

/// Mean over steps of KL(full‖capped) of the next-token distributions, nats.
double mean_logit_kl(const ReferencePassage& full, const ReferencePassage& capped);
/// Share of the steps at which both find the same token likeliest.
double top1_agreement(const ReferencePassage& full, const ReferencePassage& capped);

}  // namespace sketchscope::support
