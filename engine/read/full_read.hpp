#pragma once

#include "engine/read/read.hpp"

namespace sketchscope {

/// Reads every stored slot.
class FullRead final : public Read {
 public:
  void choose_slots(const SlotChoice&, std::vector<int>& slots) const override { slots.clear(); }
};

}  // namespace sketchscope
