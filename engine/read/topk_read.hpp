#pragma once

#include "engine/read/read.hpp"

namespace sketchscope {

/// Reads the `read_k` slots of highest score, the sinks and the recent window; ties go to the later
/// position, as they do when a victim is chosen. What it skips stays stored and gains no mass.
class TopKRead final : public Read {
 public:
  [[nodiscard]] bool needs_scores() const override { return true; }
  [[nodiscard]] bool takes_k() const override { return true; }

  void choose_slots(const SlotChoice& choice, std::vector<int>& slots) const override;
};

}  // namespace sketchscope
