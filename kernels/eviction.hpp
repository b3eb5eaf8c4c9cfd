#pragma once

#include <cstdint>
#include <span>

#include "kernels/cpu/instruction_set.hpp"

namespace sketchscope::kernels {

/// The hash (a·x + b) mod P of item x, with P = 2^31 − 1 and a, b below P (Carter and Wegman,
/// 1979).
struct SketchHash {
  static constexpr std::uint64_t kPrime = (std::uint64_t{1} << 31) - 1;

  std::uint64_t a = 1;
  std::uint64_t b = 0;
};

/// The number x of an item that the hashes of all rows are taken of.
enum class SketchInput : std::uint8_t {
  plain,  ///< the item itself; consecutive items walk a lattice, so that a row may stay nearly
          ///< empty
  mixed   ///< the first output of SplitMix64 started at the item, mod P
};

/// An item of a batch: its id and the mass it gains, which is never negative.
struct SketchItem {
  std::uint32_t id = 0;
  float mass = 0;
};

/// The largest depth R of a table.
inline constexpr int kMostSketchRows = 64;

/// The hashes of a table (R, W): row r keeps an item of input x in cell buckets[r](x) mod W.
struct SketchRows {
  std::span<const SketchHash> buckets;  // (R), R of 1 to kMostSketchRows
  std::span<const SketchHash> signs;    // (R): + for an even hash, − for an odd one; or empty
  std::uint32_t width = 1;              // W, 1 to 2^31 − 1
  SketchInput input = SketchInput::plain;
};

/// The counters of a table with their hashes, at the addresses where a kernel finds them.
struct SketchTable {
  const SketchHash* buckets = nullptr;  // (R)
  const SketchHash* signs = nullptr;    // (R), or null
  int depth = 0;                        // R
  std::uint32_t width = 1;              // W
  SketchInput input = SketchInput::plain;
  float* cells = nullptr;  // (R, W)
  float* room = nullptr;   // (n), workspace of an update with n items
};

/// How an item is estimated from its cells, of which it has one in each row.
enum class SketchQuery : std::uint8_t {
  min,
  signed_median,  ///< median of sign · cell; the mean of the middle two if R is even
  mean
};

/// How an item's mass enters its cells.
enum class SketchUpdate : std::uint8_t {
  add,
  add_signed,
  conservative  ///< each cell rises to the largest old min + mass of its items
};

/// Writes the estimate of each of the n items `ids` to `estimates` (n). All sums are taken in one
/// order, so every implementation gives the same bits. Throws KernelError on a number of rows, a
/// width or sizes that do not fit, and on missing signs where the query needs them.
void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates,
                  const cpu::KernelSet& kernels = cpu::best_kernels());

/// Enters a batch of n distinct items: a cell gains the masses of its items in their order. `room`
/// (n) is workspace. Every implementation gives the same bits. Throws KernelError in the cases of
/// query_sketch().
void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room,
                   const cpu::KernelSet& kernels = cpu::best_kernels());

/// The half-open range of positions [first, end).
struct PositionRange {
  int first = 0;
  int end = 0;
};

/// The slot that leaves a table first, and the one after it; −1 where there is none.
struct LowestSlots {
  int lowest = -1;
  int next = -1;
  int candidates = 0;  ///< number of slots in the range

  friend bool operator==(const LowestSlots&, const LowestSlots&) = default;
};

/// Finds the two slots of lowest score among those whose position is in the range; of equal scores
/// the lower position comes first, and NaN counts as the lowest score. positions (S) are distinct
/// and not negative; scores (S). Every implementation gives the same result. Throws KernelError
/// where their sizes differ.
LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range, const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
