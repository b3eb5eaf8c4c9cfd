#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/eviction.hpp"

// Plain loops over blocks that stay in the first-level cache, which the compiler vectorises. All
// are templates over the vector type, for the reason that KernelSet gives.
namespace sketchscope::kernels::cpu {

/// Items whose cells are found and read together, in arrays of this size.
inline constexpr int kSketchBlock = 64;

/// Remainders by one width without division: ⌊h / width⌋ = h · multiplier >> shift, exactly for h <
/// 2^31 (Granlund and Montgomery, 1994, theorem 4.2).
template <class V>
struct WidthRemainder {
  explicit WidthRemainder(std::uint32_t divisor) : width(divisor) {
    while ((std::uint64_t{1} << (shift - kHashBits)) < divisor) ++shift;
    multiplier = (std::uint64_t{1} << shift) / divisor + 1;
  }

  static constexpr int kHashBits = 31;  // A hash is below 2^31 − 1.
  std::uint32_t width;
  int shift = kHashBits;
  std::uint64_t multiplier;
};

/// Returns the remainder by P = 2^31 − 1. Since 2^31 ≡ 1 (mod P), adding the bits above the lowest
/// 31 to the rest keeps it; after two such folds of 64 bits the rest is below 2·P.
template <class V>
std::uint64_t remainder_by_prime(std::uint64_t value) {
  constexpr std::uint64_t kPrime = SketchHash::kPrime;
  const std::uint64_t once = (value & kPrime) + (value >> 31);
  const std::uint64_t twice = (once & kPrime) + (once >> 31);
  return twice >= kPrime ? twice - kPrime : twice;
}

/// Returns (a·x + b) mod P.
template <class V>
std::uint64_t hash_item(SketchHash hash, std::uint32_t id) {
  return remainder_by_prime<V>(hash.a * id + hash.b);
}

/// Returns the first output of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
/// Generators, 2014) started at the item, mod P.
template <class V>
std::uint32_t mixed_item(std::uint32_t id) {
  std::uint64_t mixed = id + 0x9E3779B97F4A7C15ULL;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<std::uint32_t>(remainder_by_prime<V>(mixed ^ (mixed >> 31)));
}

/// Returns the inputs of the hashes for a block of items: the ids, or `room` filled with them
/// mixed.
template <class V>
const std::uint32_t* inputs_of(SketchInput input, const std::uint32_t* ids, int count,
                               std::uint32_t* room) {
  if (input == SketchInput::plain) return ids;
  for (int i = 0; i < count; ++i) room[i] = mixed_item<V>(ids[i]);
  return room;
}

/// Writes the index within its row of each item's cell.
template <class V>
void find_cells(SketchHash hash, const WidthRemainder<V>& remainder,
                const std::uint32_t* __restrict ids, int count, std::uint32_t* __restrict cells) {
  const WidthRemainder<V> by = remainder;
  const std::uint32_t mask = by.width - 1;
  if ((by.width & mask) == 0) {
    for (int i = 0; i < count; ++i) {
      cells[i] = static_cast<std::uint32_t>(hash_item<V>(hash, ids[i])) & mask;
    }
    return;
  }
  for (int i = 0; i < count; ++i) {
    const std::uint64_t value = hash_item<V>(hash, ids[i]);
    cells[i] = static_cast<std::uint32_t>(value - (value * by.multiplier >> by.shift) * by.width);
  }
}

template <class V>
void find_signs(SketchHash hash, const std::uint32_t* __restrict ids, int count,
                float* __restrict signs) {
  for (int i = 0; i < count; ++i) signs[i] = hash_item<V>(hash, ids[i]) % 2 == 0 ? 1.0F : -1.0F;
}

/// Writes the smallest cell of each item of a block. The places of row r's cells are left at
/// `room` + r · `row_stride`.
template <class V>
void min_cells(const SketchTable& table, const WidthRemainder<V>& remainder,
               const std::uint32_t* ids, int count, float* __restrict smallest, std::uint32_t* room,
               int row_stride) {
  for (int row = 0; row < table.depth; ++row) {
    std::uint32_t* const places = room + row * row_stride;
    find_cells<V>(table.buckets[row], remainder, ids, count, places);
    const float* __restrict cells = table.cells + static_cast<long>(row) * table.width;
    if (row == 0) {
      for (int i = 0; i < count; ++i) smallest[i] = cells[places[i]];
    } else {
      for (int i = 0; i < count; ++i) {
        const float cell = cells[places[i]];
        smallest[i] = cell < smallest[i] ? cell : smallest[i];
      }
    }
  }
}

template <class V>
void mean_cells(const SketchTable& table, const WidthRemainder<V>& remainder,
                const std::uint32_t* ids, int count, float* __restrict mean) {
  std::uint32_t places[kSketchBlock];
  double sums[kSketchBlock] = {};
  for (int row = 0; row < table.depth; ++row) {
    find_cells<V>(table.buckets[row], remainder, ids, count, places);
    const float* __restrict cells = table.cells + static_cast<long>(row) * table.width;
    for (int i = 0; i < count; ++i) sums[i] += static_cast<double>(cells[places[i]]);
  }
  for (int i = 0; i < count; ++i) mean[i] = static_cast<float>(sums[i] / table.depth);
}

/// Returns the median of `count` >= 1 values, which it sorts.
template <class V>
float median_of(float* values, int count) {
  for (int end = 1; end < count; ++end) {
    const float moved = values[end];
    int place = end;
    for (; place > 0 && values[place - 1] > moved; --place) values[place] = values[place - 1];
    values[place] = moved;
  }
  const int upper = count / 2;
  return count % 2 == 1 ? values[upper] : (values[upper - 1] + values[upper]) / 2;
}

template <class V>
void median_cells(const SketchTable& table, const WidthRemainder<V>& remainder,
                  const std::uint32_t* ids, int count, float* __restrict median) {
  std::uint32_t places[kSketchBlock];
  float signs[kSketchBlock];
  float values[kSketchBlock][kMostSketchRows];
  for (int row = 0; row < table.depth; ++row) {
    find_cells<V>(table.buckets[row], remainder, ids, count, places);
    find_signs<V>(table.signs[row], ids, count, signs);
    const float* __restrict cells = table.cells + static_cast<long>(row) * table.width;
    for (int i = 0; i < count; ++i) values[i][row] = signs[i] * cells[places[i]];
  }
  for (int i = 0; i < count; ++i) median[i] = median_of<V>(values[i], table.depth);
}

template <class V>
void query_sketch(const SketchTable& table, SketchQuery query, const std::uint32_t* ids, int count,
                  float* estimates) {
  const WidthRemainder<V> remainder(table.width);
  std::uint32_t room[kSketchBlock];
  std::uint32_t places[kSketchBlock];
  for (int first = 0; first < count; first += kSketchBlock) {
    const int block = count - first < kSketchBlock ? count - first : kSketchBlock;
    const std::uint32_t* inputs = inputs_of<V>(table.input, ids + first, block, room);
    switch (query) {
      case SketchQuery::min:
        min_cells<V>(table, remainder, inputs, block, estimates + first, places, 0);
        break;
      case SketchQuery::signed_median:
        median_cells<V>(table, remainder, inputs, block, estimates + first);
        break;
      case SketchQuery::mean:
        mean_cells<V>(table, remainder, inputs, block, estimates + first);
        break;
    }
  }
}

/// Calls visit(first, inputs, block) for a batch, block by block, with the inputs of the hashes.
template <class V, class Visit>
void for_each_block(SketchInput input, const SketchItem* items, int count, Visit visit) {
  std::uint32_t ids[kSketchBlock];
  std::uint32_t room[kSketchBlock];
  for (int first = 0; first < count; first += kSketchBlock) {
    const int block = count - first < kSketchBlock ? count - first : kSketchBlock;
    for (int i = 0; i < block; ++i) ids[i] = items[first + i].id;
    visit(first, inputs_of<V>(input, ids, block, room), block);
  }
}

/// Raises the cells of a block's items in one row to their levels.
template <class V>
void raise_cells(const std::uint32_t* __restrict places, const float* __restrict levels, int count,
                 float* cells) {
  for (int i = 0; i < count; ++i) {
    float& cell = cells[places[i]];
    cell = levels[i] > cell ? levels[i] : cell;
  }
}

/// The most cells whose places a conservative update keeps from reading them to raising them.
inline constexpr int kKeptPlaces = 4096;

/// Reads all cells before it writes one. The places of a small batch are found once for both.
template <class V>
void raise_sketch(const SketchTable& table, const SketchItem* items, int count) {
  const WidthRemainder<V> remainder(table.width);
  const int blocks = (count + kSketchBlock - 1) / kSketchBlock;
  const bool keeps = blocks * kSketchBlock <= kKeptPlaces / table.depth;
  const int row_stride = keeps ? kSketchBlock : 0;
  std::uint32_t kept[kKeptPlaces];
  // Returns the places of the block that begins with an item.
  const auto places_at = [&](int first) { return kept + (keeps ? first * table.depth : 0); };
  for_each_block<V>(
      table.input, items, count, [&](int first, const std::uint32_t* inputs, int block) {
        float* const levels = table.room + first;
        min_cells<V>(table, remainder, inputs, block, levels, places_at(first), row_stride);
        for (int i = 0; i < block; ++i) levels[i] += items[first + i].mass;
      });
  const auto cells_of = [&](int row) { return table.cells + static_cast<long>(row) * table.width; };
  if (keeps) {
    for (int first = 0; first < count; first += kSketchBlock) {
      const int block = count - first < kSketchBlock ? count - first : kSketchBlock;
      for (int row = 0; row < table.depth; ++row) {
        raise_cells<V>(places_at(first) + row * row_stride, table.room + first, block,
                       cells_of(row));
      }
    }
    return;
  }
  for_each_block<V>(table.input, items, count,
                    [&](int first, const std::uint32_t* inputs, int block) {
                      for (int row = 0; row < table.depth; ++row) {
                        find_cells<V>(table.buckets[row], remainder, inputs, block, kept);
                        raise_cells<V>(kept, table.room + first, block, cells_of(row));
                      }
                    });
}

template <class V>
void update_sketch(const SketchTable& table, SketchUpdate update, const SketchItem* items,
                   int count) {
  if (update == SketchUpdate::conservative) return raise_sketch<V>(table, items, count);
  const WidthRemainder<V> remainder(table.width);
  for_each_block<V>(table.input, items, count,
                    [&](int first, const std::uint32_t* inputs, int block) {
                      std::uint32_t places[kSketchBlock];
                      float signs[kSketchBlock];
                      for (int row = 0; row < table.depth; ++row) {
                        find_cells<V>(table.buckets[row], remainder, inputs, block, places);
                        float* const cells = table.cells + static_cast<long>(row) * table.width;
                        if (update == SketchUpdate::add) {
                          for (int i = 0; i < block; ++i) cells[places[i]] += items[first + i].mass;
                        } else {
                          find_signs<V>(table.signs[row], inputs, block, signs);
                          for (int i = 0; i < block; ++i)
                            cells[places[i]] += signs[i] * items[first + i].mass;
                        }
                      }
                    });
}

inline constexpr std::int64_t kNoKey = 0x7FFFFFFFFFFFFFFF;

/// Returns an integer that orders slots by score, then by position; kNoKey outside the range.
template <class V>
std::int64_t slot_key(int position, float score, PositionRange range) {
  constexpr std::int32_t kMagnitude = 0x7FFFFFFF;
  constexpr std::int32_t kLowestScore = -0x7F800001;                 // of −infinity
  const auto bits = __builtin_bit_cast(std::int32_t, score + 0.0F);  // −0 becomes 0
  // The bits of negative floats order in reverse.
  const std::int32_t ordered = bits < 0 ? bits ^ kMagnitude : bits;
  const std::int32_t rank = score == score ? ordered : kLowestScore;
  const bool inside = position >= range.first && position < range.end;
  return inside ? std::int64_t{rank} * (std::int64_t{1} << 32) + position : kNoKey;
}

/// Returns the slot with the position of a key; −1 for kNoKey.
template <class V>
int slot_of(std::int64_t key, const int* positions, int count) {
  if (key == kNoKey) return -1;
  const auto position = static_cast<std::int32_t>(key & 0xFFFFFFFF);
  int slot = 0;
  while (slot < count && positions[slot] != position) ++slot;
  return slot;
}

template <class V>
LowestSlots lowest_slots(const int* positions, const float* scores, int count,
                         PositionRange range) {
  LowestSlots found;
  std::int64_t lowest = kNoKey;
  std::int64_t next = kNoKey;
  int candidates = 0;
  for (int slot = 0; slot < count; ++slot) {
    const std::int64_t key = slot_key<V>(positions[slot], scores[slot], range);
    candidates += key == kNoKey ? 0 : 1;
    const std::int64_t higher = key < lowest ? lowest : key;
    lowest = key < lowest ? key : lowest;
    next = higher < next ? higher : next;
  }
  found.candidates = candidates;
  found.lowest = slot_of<V>(lowest, positions, count);
  found.next = slot_of<V>(next, positions, count);
  return found;
}

}  // namespace sketchscope::kernels::cpu
