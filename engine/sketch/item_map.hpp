#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/sketch/sketch_key.hpp"
#include "kernels/sketch_table.hpp"

namespace sketchscope {

/// Heads that lie side by side, such as those that share one slot table.
struct HeadRange {
  int first = 0;
  int count = 1;
};

/// Which items of a sketch some positions are: counting, scoring, reseeding and showing all read it
/// here. A key that tells heads apart has a row of items per key/value head; any other
/// has one row, and counts what all heads of the range gave.
struct ItemMap {
  static constexpr std::uint32_t kUnknownCode = ~std::uint32_t{0};

  SketchKey key = SketchKey::position;
  HeadRange heads;                 ///< key/value heads
  int context = 0;                 ///< T
  std::span<const int> positions;  // (S)
  std::span<const int> tokens;     // (S)
  std::span<const std::uint32_t>
      codes;  // (S), for key_lsh alone; kUnknownCode where the key is gone

  [[nodiscard]] int rows() const { return key == SketchKey::head_position ? heads.count : 1; }

  /// False where the item can no longer be told.
  [[nodiscard]] bool known(std::size_t slot) const {
    return key != SketchKey::key_lsh || (slot < codes.size() && codes[slot] != kUnknownCode);
  }

 private:
  // Calls with the function from slots to ids of a row, so that loops over slots ask for the key
  // once.
  template <typename Visitor>
  auto visit(int row, Visitor&& visitor) const {
    const auto offset = static_cast<std::uint32_t>((heads.first + row) * context);
    const auto position_of = [this](std::size_t slot) {
      return static_cast<std::uint32_t>(positions[slot]);
    };
    switch (key) {
      case SketchKey::position:
        break;
      case SketchKey::head_position:
        return visitor([=](std::size_t slot) { return offset + position_of(slot); });
      case SketchKey::token:
        return visitor(
            [this](std::size_t slot) { return static_cast<std::uint32_t>(tokens[slot]); });
      case SketchKey::key_lsh:
        return visitor([this](std::size_t slot) { return codes[slot]; });
    }
    return visitor(position_of);
  }

 public:
  [[nodiscard]] std::uint32_t id(int row, std::size_t slot) const {
    return visit(row, [slot](auto id_of) { return id_of(slot); });
  }

  /// Those of the slots from `first` on.
  void copy_ids(int row, std::size_t first, std::span<std::uint32_t> ids) const {
    visit(row, [&](auto id_of) {
      for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = id_of(first + i);
    });
  }

  /// Adds those of all slots and rows.
  void add_ids(std::vector<std::uint32_t>& ids) const {
    for (int row = 0; row < rows(); ++row) {
      const std::size_t before = ids.size();
      ids.resize(before + positions.size());
      copy_ids(row, 0, std::span(ids).subspan(before));
    }
  }

  /// Adds each slot's item with the mass that it gained, (S), to a batch.
  void add_items(int row, std::span<const float> gained, std::vector<SketchItem>& batch) const {
    const std::size_t before = batch.size();
    batch.resize(before + gained.size());
    const std::span<SketchItem> added = std::span(batch).subspan(before);
    visit(row, [&](auto id_of) {
      for (std::size_t slot = 0; slot < added.size(); ++slot) {
        added[slot] = {.id = id_of(slot), .mass = gained[slot]};
      }
    });
  }
};

}  // namespace sketchscope
