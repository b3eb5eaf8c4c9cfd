#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/run/attention_trail.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope::view {

/// What an attention grid shows: the lane's attention, its twin's, or the first minus the second.
enum class AttentionSide : std::uint8_t { lane, twin, difference };

using AttentionRows = std::span<const std::shared_ptr<const run::AttentionRow>>;

/// Returns the rows up to and including a step.
AttentionRows rows_up_to(AttentionRows rows, std::int64_t step);

/// Returns the rows that have what `side` asks for: all but those without a twin.
std::vector<std::shared_ptr<const run::AttentionRow>> rows_with(AttentionRows rows,
                                                                AttentionSide side);

/// Returns the attention of a row's query at a position; NaN if it is not stored. In a difference,
/// what is not stored counts as 0.
float attention_value(const run::AttentionRow& row, int layer, int head, AttentionSide side,
                      int position);

/// The difference that has the largest level.
constexpr float kLargestDifference = 0.1F;
constexpr int kLargestLevel = 255;

/// Heads that follow one another through the layers; a head has the number layer · H + head.
struct HeadSpan {
  int first = 0;
  int count = 0;
  friend bool operator==(const HeadSpan&, const HeadSpan&) = default;
};

/// The attention of some heads by query and key, with neighbouring positions joined so that it fits
/// into a picture. A value is a level: the code of a mass (run::attention_code), or for a
/// difference its sign times 255 · sqrt(size / kLargestDifference). Where positions are joined, the
/// level of largest size stands for them.
class ReducedAttention {
 public:
  /// Shows these rows, of one run, which all have `side`, in at most `most_columns` columns. Rows
  /// that were shown before in the same way are not read again.
  void show(AttentionRows rows, AttentionSide side, HeadSpan heads, int most_columns);

  /// Returns a number that changes whenever what is shown does.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }
  [[nodiscard]] int queries() const { return static_cast<int>(rows_.size()); }
  [[nodiscard]] int columns() const { return columns_; }
  /// Returns how many positions a column stands for; the last one may have fewer.
  [[nodiscard]] int positions_per_column() const { return positions_per_column_; }
  /// Returns the columns that a query sees: up to its own position.
  [[nodiscard]] int columns_of(int query) const;
  /// Returns the levels of one of the heads shown, in the order of HeadSpan, (columns_of(query)).
  [[nodiscard]] std::span<const std::int16_t> levels(int query, int head) const;

 private:
  struct Row {
    std::shared_ptr<const run::AttentionRow> source;
    int columns = 0;
    std::vector<std::int16_t> levels;  // (heads, columns)
  };
  [[nodiscard]] Row reduced(const std::shared_ptr<const run::AttentionRow>& row) const;

  AttentionSide side_ = AttentionSide::lane;
  HeadSpan heads_;
  int columns_ = 0;
  int positions_per_column_ = 1;
  std::uint64_t revision_ = 0;
  std::vector<Row> rows_;
};

/// Returns one row per query and key of one head, with the attention of lane and twin.
DataTable attention_matrix_data(AttentionRows rows, int layer, int head);

}  // namespace sketchscope::view
