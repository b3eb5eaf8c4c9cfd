#pragma once

#include <vector>

#include "engine/decode/lane_state.hpp"

namespace sketchscope {

/// Puts other knobs in force between two steps of a lane (docs/cache.md, Live knobs).
class KnobApplier {
 public:
  explicit KnobApplier(LaneState& lane) : lane_(lane), before_(lane.rules.knobs) {}

  /// What changed, with what it did to the tables. `granularity` and `prefill` belong to a run, so
  /// a lane keeps those it began with. Throws UsageError on knobs that contradict each other, and
  /// has changed nothing then.
  std::vector<KnobChange> apply(const Knobs& wanted);

 private:
  void change_policy();
  void change_sketch();
  void change_read();
  void change_format();
  void change_capacity();
  void change_coder();
  void note_stored_keys();

  LaneState& lane_;
  const Knobs before_;
};

}  // namespace sketchscope
