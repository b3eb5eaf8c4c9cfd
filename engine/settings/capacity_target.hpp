#pragma once

#include <optional>
#include <string>

#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Throws UsageError where the knobs name a target that is not measured: retained mass needs the
/// audit, logit KL the twin.
void check_target(const Knobs& knobs, bool audited, bool has_twin);

/// Holds the `target` of the knobs with few slots by moving `max_cache_size` (docs/cache.md,
/// "Targets"). Every 16 steps the mean loss (1 − retained mass, or logit KL) is compared with the
/// allowed loss: above it the capacity grows by an eighth, below half of it the capacity shrinks by
/// a sixteenth. Windows without an eviction decide nothing. A copy continues as the original would.
class CapacityTarget {
 public:
  /// A new capacity, and the measurement that led to it.
  struct Decision {
    int capacity = 0;
    std::string reason;
  };

  /// Adds the measurement of a step and whether it evicted positions. Returns a decision at the end
  /// of a window that moves the capacity; `most` is the model's positions.
  std::optional<Decision> observe(double measured, bool evicted, const Knobs& knobs, int most);

 private:
  int steps_ = 0;
  double sum_ = 0;
  bool evicted_ = false;
};

}  // namespace sketchscope
