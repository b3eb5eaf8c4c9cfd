#pragma once

#include <optional>
#include <string>

#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Throws UsageError where the knobs name a target that is not measured: retained mass needs the
/// audit, logit KL the twin.
void check_target(const Knobs& knobs, bool audited, bool has_twin);

/// Holds the `target` of the knobs with as few slots as do, by moving `max_cache_size`: every 16
/// steps the mean loss (1 − retained mass, or logit KL) is compared with what the target allows.
/// Above it the capacity grows by an eighth, below half of it it shrinks by a sixteenth, between
/// them it stays. Windows in which nothing was evicted decide nothing. A copy goes on as it would.
class CapacityTarget {
 public:
  struct Decision {
    int capacity = 0;
    std::string reason;
  };

  /// What a step measured, and whether positions left in it; `most` is the model's positions.
  std::optional<Decision> observe(double measured, bool evicted, const Knobs& knobs, int most);

 private:
  int steps_ = 0;
  double sum_ = 0;
  bool evicted_ = false;
};

}  // namespace sketchscope
