#pragma once

#include <cstdint>
#include <optional>

#include "engine/measure/counterfactual.hpp"

namespace sketchscope::run {

/// What is known so far of the cost of one eviction of a watched run.
struct EvictionInquiry {
  std::int64_t step = 0;       ///< of the eviction
  std::int64_t until = 0;      ///< steps of the run when it was asked for; later ones do not count
  measure::EvictionCost cost;  ///< of the tokens that were repeated so far
  double done = 0;             ///< share of the steps that were repeated, 0 to 1
  /// Once all is done: whether the run repeated without a change equals it, bit for bit.
  std::optional<bool> repeated_exactly;
};

}  // namespace sketchscope::run
