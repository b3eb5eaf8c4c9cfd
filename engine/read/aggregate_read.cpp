#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

/// Reads every stored slot together with a summary of the evicted positions.
class AggregateRead final : public Read {
 public:
  [[nodiscard]] bool reads_tail() const override { return true; }

  void choose_slots(const SlotChoice&, std::vector<int>& slots) const override { slots.clear(); }
};

}  // namespace

std::unique_ptr<Read> make_aggregate_read() {
  return std::make_unique<AggregateRead>();
}

}  // namespace sketchscope
