#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

/// Reads the `read_k` slots of highest score, the sinks and the recent window; of equal scores the
/// later position is read, since the earlier one would be evicted first. Slots that it skips stay
/// stored and gain no mass.
class TopKRead final : public Read {
 public:
  [[nodiscard]] bool needs_scores() const override { return true; }
  [[nodiscard]] bool takes_k() const override { return true; }

  void choose_slots(const SlotChoice& choice, std::vector<int>& slots) const override {
    slots.clear();
    const auto stored = static_cast<int>(choice.positions.size());
    if (choice.read_k >= stored) return;

    const auto position = [&](int slot) {
      return choice.positions[static_cast<std::size_t>(slot)];
    };
    const auto score = [&](int slot) {
      const float importance = choice.importance[static_cast<std::size_t>(slot)];
      return std::isnan(importance) ? -std::numeric_limits<float>::infinity() : importance;
    };
    slots.resize(static_cast<std::size_t>(stored));
    std::iota(slots.begin(), slots.end(), 0);
    const int recent = first_recent_position(choice.positions, choice.protection.recent);
    std::ranges::nth_element(slots, slots.begin() + choice.read_k, [&](int a, int b) {
      return score(a) != score(b) ? score(a) > score(b) : position(a) > position(b);
    });
    const auto skipped = std::remove_if(slots.begin() + choice.read_k, slots.end(), [&](int slot) {
      return position(slot) >= choice.protection.sinks && position(slot) < recent;
    });
    slots.erase(skipped, slots.end());
    if (static_cast<int>(slots.size()) == stored) {
      slots.clear();
    } else {
      std::ranges::sort(slots);
    }
  }
};

}  // namespace

std::unique_ptr<Read> make_topk_read() {
  return std::make_unique<TopKRead>();
}

}  // namespace sketchscope
