#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/memory.hpp"

namespace sketchscope::cache {

/// The rank of each slot of a table among its slots in order of position, 0 for the lowest. A
/// position that comes in is higher than all that are stored.
class SlotRanks {
 public:
  /// Takes the memory of the next append.
  void reserve_to_append() { core::reserve_ahead(ranks_, ranks_.size() + 1); }
  /// A new slot takes the incoming position.
  void append() { ranks_.push_back(static_cast<int>(ranks_.size())); }
  /// The slot of a victim takes the incoming position; those above the victim move down.
  void replace(int slot) {
    const int left = ranks_[static_cast<std::size_t>(slot)];
    for (int& rank : ranks_) rank -= rank > left ? 1 : 0;
    ranks_[static_cast<std::size_t>(slot)] = static_cast<int>(ranks_.size()) - 1;
  }
  /// Follows SlotTable::remove(): the last slot moves to the place of one that leaves; those above
  /// it move down.
  void remove(int slot) {
    const int left = ranks_[static_cast<std::size_t>(slot)];
    ranks_[static_cast<std::size_t>(slot)] = ranks_.back();
    ranks_.pop_back();
    for (int& rank : ranks_) rank -= rank > left ? 1 : 0;
  }
  /// `slots` slots lie in order of position.
  void put_in_order(int slots) {
    ranks_.resize(static_cast<std::size_t>(slots));
    for (std::size_t slot = 0; slot < ranks_.size(); ++slot) ranks_[slot] = static_cast<int>(slot);
  }

  [[nodiscard]] std::span<const int> values() const { return ranks_; }  ///< (S)
  [[nodiscard]] std::size_t bytes() const { return ranks_.size() * sizeof(int); }

 private:
  std::vector<int> ranks_;
};

/// Counts how many tables of a lane hold each position, so that the positions that none holds any
/// more are known without a look at the tables.
class PositionHolders {
 public:
  /// Takes the memory of one more position.
  void reserve_next() { core::reserve_ahead(holders_, holders_.size() + 1); }
  /// A position may come back: a layer stores and cuts a whole prompt before the next one does.
  void add(int position) {
    const auto at = static_cast<std::size_t>(position);
    const bool known = at < holders_.size();
    if (!known) holders_.resize(at + 1);
    if (holders_[at]++ == 0 && known) --gone_;
  }
  void remove(int position) {
    gone_ += --holders_[static_cast<std::size_t>(position)] == 0 ? 1 : 0;
  }

  /// Returns the number of positions that were stored once and are not stored any more.
  [[nodiscard]] std::size_t gone() const { return gone_; }
  [[nodiscard]] std::size_t bytes() const { return holders_.size() * sizeof(std::uint16_t); }

 private:
  std::vector<std::uint16_t> holders_;
  std::size_t gone_ = 0;
};

}  // namespace sketchscope::cache
