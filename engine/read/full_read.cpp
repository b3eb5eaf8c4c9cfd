#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

/// Reads every stored slot, without a summary.
class FullRead final : public Read {
 public:
  void choose_slots(const SlotChoice&, std::vector<int>& slots) const override { slots.clear(); }
};

}  // namespace

std::unique_ptr<Read> make_full_read() {
  return std::make_unique<FullRead>();
}

}  // namespace sketchscope
