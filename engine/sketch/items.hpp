#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "engine/core/memory.hpp"
#include "engine/core/registry.hpp"
#include "engine/sketch/sketch.hpp"
#include "kernels/eviction.hpp"

namespace sketchscope::sketch {

/// The kind of item that a sketch counts for a stored position or a head of it (docs/cache.md,
/// "Items").
enum class SketchKey : std::uint8_t { position, head_position, token, key_lsh };

}  // namespace sketchscope::sketch

namespace sketchscope::core {

template <>
inline constexpr std::array enum_names<sketch::SketchKey> = {
    NamedValue{sketch::SketchKey::position, "position"},
    NamedValue{sketch::SketchKey::head_position, "head-position"},
    NamedValue{sketch::SketchKey::token, "token"},
    NamedValue{sketch::SketchKey::key_lsh, "key-lsh"},
};

}  // namespace sketchscope::core

namespace sketchscope::sketch {

/// Adjacent heads, such as those that share one slot table.
struct HeadRange {
  int first = 0;
  int count = 1;
};

/// The map from stored positions to items of a sketch, which updates, scores, reseeding and views
/// share (docs/cache.md, "Items"). With head_position each key/value head of the range has its own
/// row of items. With any other key there is one row, whose items count the mass of all heads of
/// the range.
struct ItemMap {
  static constexpr std::uint32_t kUnknownCode = ~std::uint32_t{0};

  SketchKey key = SketchKey::position;
  HeadRange heads;                 ///< key/value heads
  int context = 0;                 ///< T
  std::span<const int> positions;  // (S)
  std::span<const int> tokens;     // (S)
  std::span<const std::uint32_t>
      codes;  // (S), for key_lsh alone; kUnknownCode where the key is gone

  /// Rows of items: one for each head with head_position, else one.
  [[nodiscard]] int rows() const { return key == SketchKey::head_position ? heads.count : 1; }

  /// Returns false where the item is unknown because the key of the position is gone.
  [[nodiscard]] bool known(std::size_t slot) const {
    return key != SketchKey::key_lsh || (slot < codes.size() && codes[slot] != kUnknownCode);
  }

 private:
  // Calls `visitor` with the function from slots to ids of a row, so that loops over slots branch
  // on the key once.
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
  /// Returns the item of a slot in a row.
  [[nodiscard]] std::uint32_t id(int row, std::size_t slot) const {
    return visit(row, [slot](auto id_of) { return id_of(slot); });
  }

  /// Writes the items of the slots from `first` on to `ids`.
  void copy_ids(int row, std::size_t first, std::span<std::uint32_t> ids) const {
    visit(row, [&](auto id_of) {
      for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = id_of(first + i);
    });
  }

  /// Appends the items of all slots and rows to `ids`.
  void add_ids(std::vector<std::uint32_t>& ids) const {
    for (int row = 0; row < rows(); ++row) {
      const std::size_t before = ids.size();
      ids.resize(before + positions.size());
      copy_ids(row, 0, std::span(ids).subspan(before));
    }
  }

  /// Appends the items of a row to a batch, each with the mass that its slot gained; `gained` is
  /// (S).
  void add_items(int row, std::span<const float> gained,
                 std::vector<kernels::SketchItem>& batch) const {
    const std::size_t before = batch.size();
    batch.resize(before + gained.size());
    const std::span<kernels::SketchItem> added = std::span(batch).subspan(before);
    visit(row, [&](auto id_of) {
      for (std::size_t slot = 0; slot < added.size(); ++slot) {
        added[slot] = {.id = id_of(slot), .mass = gained[slot]};
      }
    });
  }
};

/// Sign-projection codes of keys (Charikar, 2002): bit i says on which side of a random plane a key
/// lies, so keys at an angle θ agree in it with probability 1 − θ/π. Planes are nearly Gaussian
/// sums of twelve uniform draws of SplitMix64, the same on every platform.
class KeyCoder {
 public:
  /// Draws the planes of codes of `bits` bits (1 to 24) for keys of `width` numbers.
  KeyCoder(int width, int bits, std::uint64_t seed);

  /// Returns the code of a key (width).
  [[nodiscard]] std::uint32_t code(std::span<const float> key) const;
  [[nodiscard]] std::size_t bytes() const { return planes_.size() * sizeof(float); }

 private:
  std::size_t width_;
  std::vector<float> planes_;  // (bits, width)
};

/// The workspace of one update.
using UpdateArena = core::RoomOnStack<std::size_t{512} << 10>;

/// Returns the batch by ascending id, with the masses of equal ids summed (docs/cache.md,
/// "Updates"). The result does not depend on the order of the batch, since equal ids are summed in
/// order of mass. No sum is below any of its masses.
std::pmr::vector<kernels::SketchItem> merged_items(std::span<const kernels::SketchItem> batch,
                                                   UpdateArena& arena);

}  // namespace sketchscope::sketch
