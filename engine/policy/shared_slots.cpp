#include "engine/policy/shared_slots.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <tuple>

#include "engine/core/error.hpp"
#include "engine/core/memory.hpp"

namespace sketchscope::policy {

bool SharedChoice::leaves_after(const Candidate& left, const Candidate& right) {
  return std::tuple(left.rank, left.position, left.table) >
         std::tuple(right.rank, right.position, right.table);
}

void SharedChoice::reserve(std::size_t slots, std::size_t tables) {
  for (auto* candidates : {&free_, &held_, &recent_}) core::reserve_ahead(*candidates, slots);
  core::reserve_ahead(left_, tables);
  core::reserve_ahead(victims_, slots);
}

std::size_t SharedChoice::bytes() const {
  return (free_.capacity() + held_.capacity() + recent_.capacity()) * sizeof(Candidate) +
         left_.capacity() * sizeof(int) + victims_.capacity() * sizeof(TableVictim);
}

void SharedChoice::begin() {
  free_.clear();
  held_.clear();
  recent_.clear();
  left_.clear();
  victims_.clear();
}

void SharedChoice::add(std::span<const int> positions, std::span<const float> importance,
                       const Protection& protection) {
  const auto table = static_cast<int>(left_.size());
  const int first_recent = first_recent_position(positions, protection.recent);
  for (std::size_t slot = 0; slot < positions.size(); ++slot) {
    if (positions[slot] < protection.sinks) continue;
    const float score = importance[slot];
    const bool is_protected =
        positions[slot] >= first_recent || positions[slot] == protection.spared;
    (is_protected ? recent_ : free_)
        .push_back({.rank = std::isnan(score) ? -std::numeric_limits<float>::infinity() : score,
                    .score = score,
                    .position = positions[slot],
                    .table = table,
                    .slot = static_cast<int>(slot),
                    .is_spared = positions[slot] == protection.spared});
  }
  left_.push_back(static_cast<int>(positions.size()));
}

std::span<const TableVictim> SharedChoice::choose(const Count& count) {
  std::ranges::make_heap(free_, leaves_after);
  take_lowest(std::max(count.wanted, count.needed), count.guarded);
  if (std::ssize(victims_) < count.needed) {
    free_.insert(free_.end(), held_.begin(), held_.end());
    held_.clear();
    std::ranges::make_heap(free_, leaves_after);
    take_lowest(count.needed, 0);
  }
  std::ranges::sort(recent_, [](const Candidate& left, const Candidate& right) {
    return std::tuple(left.is_spared, left.position, left.table) <
           std::tuple(right.is_spared, right.position, right.table);
  });
  for (const Candidate& leaving : recent_) {
    if (std::ssize(victims_) >= count.needed) break;
    take(leaving, true);
  }
  if (std::ssize(victims_) >= count.needed) return victims_;
  throw core::Error({.what = "victims among the heads of a layer",
                     .found = "nothing but sinks",
                     .expected = "a capacity above the number of sinks"});
}

bool SharedChoice::take_back(int table, int slot) {
  return std::erase_if(victims_, [&](const TableVictim& one) {
           return one.table == table && one.victim.slot == slot;
         }) > 0;
}

void SharedChoice::order_by_slot() {
  std::ranges::sort(victims_, std::greater<>(),
                    [](const TableVictim& each) { return each.victim.slot; });
}

void SharedChoice::take_lowest(int count, int guarded) {
  // One more than leave is looked at, whose distance is the margin of the last one.
  bool margin_is_known = true;
  while (!free_.empty() && (std::ssize(victims_) < count || !margin_is_known)) {
    const Candidate& lowest = free_.front();
    if (left_[static_cast<std::size_t>(lowest.table)] <= guarded) {
      std::ranges::pop_heap(free_, leaves_after);
      held_.push_back(free_.back());
      free_.pop_back();
      continue;
    }
    if (!margin_is_known) {
      Victim& last = victims_.back().victim;
      last.margin = lowest.score - last.score;
      last.next_position = lowest.position;
    }
    if (std::ssize(victims_) >= count) return;
    std::ranges::pop_heap(free_, leaves_after);
    take(free_.back(), false);
    free_.pop_back();
    margin_is_known = false;
  }
}

void SharedChoice::take(const Candidate& leaving, bool degenerate) {
  --left_[static_cast<std::size_t>(leaving.table)];
  victims_.push_back({.table = leaving.table,
                      .victim = {.slot = leaving.slot,
                                 .score = leaving.score,
                                 .candidates = degenerate ? 0 : static_cast<int>(free_.size()),
                                 .degenerate = degenerate}});
}

}  // namespace sketchscope::policy
