#pragma once

#include <cstdint>
#include <optional>

#include "engine/measure/counterfactual.hpp"

namespace sketchscope::run {

/// The cost of one eviction of a watched run, as far as it has been computed.
struct EvictionInquiry {
  std::int64_t step = 0;   ///< of the eviction
  std::int64_t until = 0;  ///< steps of the run at the time of the request; later ones do not count
  measure::EvictionCost cost;  ///< over the tokens repeated so far
  double done = 0;             ///< share of the steps that were repeated, 0 to 1
  /// Once all is done: whether the run repeated without a change equals it, bit for bit.
  std::optional<bool> repeated_exactly;
};

}  // namespace sketchscope::run
