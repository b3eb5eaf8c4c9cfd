// The reads, and the registry that lists them.
#include "engine/read/read.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace sketchscope::read {
namespace {

/// Reads every stored slot, without a summary.
class FullRead final : public Read {};

/// Reads every stored slot together with a summary of the evicted positions.
class AggregateRead final : public Read {
 public:
  [[nodiscard]] bool reads_tail() const override { return true; }
};

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
    const int recent = policy::first_recent_position(choice.positions, choice.protection.recent);
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

template <typename Kind>
ReadKind kind(std::string_view name, std::string_view help) {
  const Kind read{};
  return {.name = name,
          .help = help,
          .make = []() -> std::unique_ptr<Read> { return std::make_unique<Kind>(); },
          .reads_tail = read.reads_tail(),
          .takes_k = read.takes_k()};
}

}  // namespace

const core::Registry<ReadKind>& read_kinds() {
  static const std::array kinds = {
      kind<FullRead>("full", "all stored slots"),
      kind<TopKRead>("topk", "the read_k slots of highest score, sinks and the recent window"),
      kind<AggregateRead>("aggregate", "all stored slots and a summary of the evicted positions"),
  };
  static const core::Registry<ReadKind> registry("read", kinds);
  return registry;
}

}  // namespace sketchscope::read
