#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "engine/formula/program.hpp"

namespace sketchscope::formula {

/// What a name stands for: one number of the whole table, or one for each slot, (S).
using Column = std::variant<float, std::span<const float>>;

/// The table that a formula is evaluated over.
struct Table {
  std::span<const int> positions;   // (S), each once
  std::span<const Column> columns;  ///< one for each of Program::names
};

/// A slot with the number by which it is sorted.
struct SortedSlot {
  std::uint32_t key = 0;
  std::uint32_t slot = 0;
};

/// The memory that an evaluation needs. It is kept between evaluations, so that they allocate
/// nothing once it is large enough.
struct Workspace {
  struct Size {
    std::size_t values = 0;
    std::size_t columns = 0;
    std::size_t sorted = 0;
  };
  /// Returns what a program over `slots` slots needs, with `columns` further values of a slot which
  /// the caller fills.
  static Size size_of(const Program& program, std::size_t slots, std::size_t columns);
  void reserve(const Size& size);
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> values;         // (depth of the program, S)
  std::vector<float> columns;        // (columns, S)
  std::vector<SortedSlot> by_value;  // (S)
  std::vector<SortedSlot> by_position;
  std::vector<SortedSlot> spare;
};

/// Evaluates a program for every slot of a table, with values of 32 bits. Sums over the table are
/// taken in order of slots, in double precision; those of `pool` in order of positions. So a result
/// depends on the table alone. `result` is (S).
void evaluate(const Program& program, const Table& table, Workspace& workspace,
              std::span<float> result);

}  // namespace sketchscope::formula
