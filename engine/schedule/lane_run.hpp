#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/decode/session.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope {

/// What one lane goes through from an empty cache.
struct Passage {
  std::span<const int> prompt;  ///< by the knobs' prefill; may be empty
  std::span<const int> given;   ///< then these, each scored where something foretold it
  int drawn = 0;                ///< then tokens of its own choice; the last is not fed
};

struct LaneRequest {
  Knobs knobs;
  Passage passage;
  bool audit = false;
  std::optional<std::size_t> twin;  ///< the request that is given the same tokens with a full cache
  std::shared_ptr<AttentionObserver> observer;  ///< of its steps; needs the audit
};

/// How far a sketch's estimates lay from the exact masses, as shares of all mass N it counted.
struct EstimateError {
  double mean = 0;
  double largest = 0;
  double bound = 0;         ///< the sketch's own, above the truth
  double within_bound = 0;  ///< share of the estimates
};

/// One layer over all steps of one lane.
struct LayerOutcome {
  Mean retained_mass;
  Mean attention_kl;
  Mean attention_tv;
  Mean output_error;
  Mean output_cosine;
  double regret = 0;

  void add(const LayerRecord& step);
  void merge(const LayerOutcome& other);
};

struct LaneOutcome {
  double nll = 0;  ///< sum over the scored tokens, nats
  int scored = 0;
  std::vector<int> drawn;
  RunTotals totals;                        ///< without passes
  std::vector<LayerOutcome> layers;        ///< (L); empty without audit
  std::optional<EstimateError> estimates;  ///< mean over layers; needs audit and a sketch that
                                           ///< counts positions or tokens
  std::size_t fed = 0;                     ///< tokens fed one by one
  double policy_ms = 0;                    ///< that its own policy took of those steps
};

/// Passes that lanes shared.
struct SharedPasses {
  std::vector<PhaseTimes> steps;
  std::size_t rows = 0;  ///< of those steps
  double prompt_ms = 0;  ///< of the prompts' passes
};

/// Runs all requests together: lanes of the same prompt share its one pass, and each step is one
/// forward pass for all lanes that are not done. An outcome depends on its own request alone, bit
/// for bit, the times excepted. `on_step` hears how many tokens were fed; after a stop request the
/// outcomes are incomplete.
std::vector<LaneOutcome> run_lanes(Session& session, std::span<const LaneRequest> requests,
                                   SharedPasses& passes,
                                   const std::function<void(std::size_t)>& on_step,
                                   const std::stop_token& stop);

}  // namespace sketchscope
