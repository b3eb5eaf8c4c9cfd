#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sketchscope::cache {

/// The mass of every slot of one table under each of the last w queries, as far as there were so
/// many. It does not decay. A copy is a fork.
class MassRows {
 public:
  explicit MassRows(int rows = 0) : rows_(rows) {}

  /// Takes the memory for a table of `slots` slots.
  void reserve(std::size_t slots);
  /// Starts a slot at zero, which no query saw yet; the next free one, or one that is taken over.
  void admit(int slot);
  /// Adds the mass of the next query by slot, (S), in place of the oldest of w.
  void observe(std::span<const float> mass);
  /// Follows SlotTable::remove() and keep().
  void remove(int slot);
  void keep(std::span<const int> origin);
  /// Keeps another number of rows from now on, with the latest that are known.
  [[nodiscard]] MassRows resized(int rows) const;

  [[nodiscard]] int rows() const { return rows_; }    ///< w
  [[nodiscard]] int known() const { return known_; }  ///< rows that queries filled, at most w
  /// Returns the mean over the known rows of one slot, summed in double; 0 where there is none.
  [[nodiscard]] float mean(int slot) const;
  [[nodiscard]] std::size_t bytes() const { return values_.size() * sizeof(float); }

 private:
  [[nodiscard]] std::span<float> row_of(int slot);
  [[nodiscard]] std::span<const float> row_of(int slot) const;

  int rows_;
  int known_ = 0;
  int next_ = 0;               // place of the next query in each slot's numbers
  std::vector<float> values_;  // (S, w)
};

}  // namespace sketchscope::cache
