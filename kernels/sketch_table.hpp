#pragma once

#include <cstdint>
#include <span>

namespace sketchscope {

/// Sends item x to (a·x + b) mod P, P = 2^31 − 1; a and b lie below P.
struct SketchHash {
  static constexpr std::uint64_t kPrime = (std::uint64_t{1} << 31) - 1;

  std::uint64_t a = 1;
  std::uint64_t b = 0;
};

/// An item of a batch: its id and the mass it gains, which is never negative.
struct SketchItem {
  std::uint32_t id = 0;
  float mass = 0;
};

inline constexpr int kMostSketchRows = 64;

/// The hashes of a table (R, W): row r keeps item x in cell buckets[r](x) mod W.
struct SketchRows {
  std::span<const SketchHash> buckets;  // (R), R of 1 to kMostSketchRows
  std::span<const SketchHash> signs;    // (R): + for an even hash, − for an odd one; or empty
  std::uint32_t width = 1;              // W, 1 to 2^31 − 1
};

/// What an item's cells, one a row, say of it.
enum class SketchQuery : std::uint8_t {
  smallest,
  signed_median,  ///< of the cells times their signs; the mean of the middle two of an even R
  mean
};

/// How items change their cells.
enum class SketchUpdate : std::uint8_t {
  add,
  add_signed,
  raise  ///< each cell to the largest of smallest + mass of its items, as the table stood before
};

/// The estimate of each item, (n). All sums are taken in one order, so every implementation gives
/// the same bits. Throws KernelError on a number of rows, a width or sizes that do not fit, and
/// where signs are wanted and missing.
void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates);

/// Enters distinct items, (n): a cell gains the masses of its items in their order. `room` (n) is
/// work space. The same bits everywhere; the same errors.
void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room);

namespace reference {
void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates);
void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room);
}  // namespace reference

}  // namespace sketchscope
