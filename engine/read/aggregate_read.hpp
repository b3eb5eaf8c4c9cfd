#pragma once

#include "engine/read/read.hpp"

namespace sketchscope {

/// Reads every stored slot, and a summary in place of the evicted ones.
class AggregateRead final : public Read {
 public:
  [[nodiscard]] bool reads_tail() const override { return true; }

  void choose_slots(const SlotChoice&, std::vector<int>& slots) const override { slots.clear(); }
};

}  // namespace sketchscope
