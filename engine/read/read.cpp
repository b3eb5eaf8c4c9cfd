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

/// Reads the pages on which keys may have the largest products with the query, by the bounds of
/// their numbers, and that of the incoming token; the first two layers are read whole (Quest, arXiv
/// 2406.10774). Nothing leaves by it.
class PagesRead final : public Read {
 public:
  [[nodiscard]] bool takes_k() const override { return true; }
  [[nodiscard]] bool reads_pages() const override { return true; }

  void choose_pages(const PageChoice& choice, std::vector<float>& bounds,
                    std::vector<int>& slots) const override {
    slots.clear();
    const int wanted = std::max(kLeastPages, choice.read_k / kernels::kSlotsPerPage);
    if (choice.layer < kWholeLayers || wanted >= choice.bounds.pages()) return;
    bounds.resize(static_cast<std::size_t>(choice.bounds.pages()));
    for (std::size_t page = 0; page < bounds.size(); ++page) {
      const float bound = choice.bounds.bound(static_cast<int>(page), choice.kv_head, choice.query);
      // A page whose bound is no number has to be read, as it may hold anything.
      bounds[page] = std::isnan(bound) ? std::numeric_limits<float>::infinity() : bound;
    }
    // Of two pages with equal bounds the earlier one is read.
    const auto comes_before = [&](int a, int b) {
      const float left = bounds[static_cast<std::size_t>(a)];
      const float right = bounds[static_cast<std::size_t>(b)];
      return left != right ? left > right : a < b;
    };
    slots.resize(bounds.size());
    std::iota(slots.begin(), slots.end(), 0);
    const auto last = slots.begin() + wanted - 1;
    std::ranges::nth_element(slots, last, comes_before);
    const int last_read = *last;
    slots.clear();
    const int newest = choice.newest_slot / kernels::kSlotsPerPage;
    for (int page = 0; page < choice.bounds.pages(); ++page) {
      if (comes_before(last_read, page) && page != newest) continue;
      const int first = page * kernels::kSlotsPerPage;
      for (int slot = first; slot < std::min(first + kernels::kSlotsPerPage, choice.stored); ++slot)
        slots.push_back(slot);
    }
    if (std::ssize(slots) == choice.stored) slots.clear();
  }

 private:
  static constexpr int kLeastPages = 3;   // pages read however small the knob read_k is
  static constexpr int kWholeLayers = 2;  // first layers that are read whole
};

template <typename Kind>
ReadKind kind(std::string_view name, std::string_view help) {
  const Kind read{};
  return {.name = name,
          .help = help,
          .make = []() -> std::unique_ptr<Read> { return std::make_unique<Kind>(); },
          .reads_tail = read.reads_tail(),
          .takes_k = read.takes_k(),
          .needs_scores = read.needs_scores(),
          .reads_pages = read.reads_pages()};
}

}  // namespace

const core::Registry<ReadKind>& read_kinds() {
  static const std::array kinds = {
      kind<FullRead>("full", "all stored slots"),
      kind<TopKRead>("topk", "the read_k slots of highest score, sinks and the recent window"),
      kind<PagesRead>("pages",
                      "the read_k / 16 pages (3 at least) whose keys may match each query head "
                      "best; the first two layers whole"),
      kind<AggregateRead>("aggregate", "all stored slots and a summary of the evicted positions"),
  };
  static const core::Registry<ReadKind> registry("read", kinds);
  return registry;
}

}  // namespace sketchscope::read
