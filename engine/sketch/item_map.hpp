#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/sketch/sketch_key.hpp"

namespace sketchscope {

/// The heads that share one slot table: all of a layer, or a single one.
struct HeadRange {
  int first = 0;
  int count = 1;
};

/// Which items of a sketch some positions are: counting, scoring, reseeding and showing all read it
/// here. A key that tells heads apart has a row of items per head; any other
/// has one row, and counts what all heads of the range gave.
struct ItemMap {
  static constexpr std::uint32_t kUnknownCode = ~std::uint32_t{0};

  SketchKey key = SketchKey::position;
  HeadRange heads;
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

  [[nodiscard]] std::uint32_t id(int row, std::size_t slot) const {
    switch (key) {
      case SketchKey::position:
        break;
      case SketchKey::head_position:
        return static_cast<std::uint32_t>((heads.first + row) * context + positions[slot]);
      case SketchKey::token:
        return static_cast<std::uint32_t>(tokens[slot]);
      case SketchKey::key_lsh:
        return codes[slot];
    }
    return static_cast<std::uint32_t>(positions[slot]);
  }

  /// Those of the slots from `first` on.
  void copy_ids(int row, std::size_t first, std::span<std::uint32_t> ids) const {
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = id(row, first + i);
  }
};

}  // namespace sketchscope
