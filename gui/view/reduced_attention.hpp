#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "gui/view/attention_grid.hpp"

namespace sketchscope::view {

/// Heads that follow one another through the layers; a head has the number layer · H + head.
struct HeadSpan {
  int first = 0;
  int count = 0;
  friend bool operator==(const HeadSpan&, const HeadSpan&) = default;
};

/// The room of a picture of attention, in pixels.
struct AttentionRoom {
  int columns = 0;
  int rows = 0;
};

/// The attention of some heads by query and key, with neighbouring positions and neighbouring
/// queries joined so that it fits into a picture. A value is a level: the code of a mass
/// (run::attention_code), or for a difference its sign times 255 · sqrt(size / kLargestDifference).
/// The level of largest size stands for those that are joined.
///
/// Both are joined by powers of two, and queries in blocks that begin at a multiple of theirs. So a
/// column and a block keep their places while a run grows, and a step costs what is new.
class ReducedAttention {
 public:
  /// Shows these rows, of one run, which all have `side`, in at most `room`. Rows that were shown
  /// before in the same way are not read again. Queries of a first block that lacks some of its own
  /// are left out, unless there is no other block.
  void show(AttentionRows rows, AttentionSide side, HeadSpan heads, AttentionRoom room);

  /// Returns a number that changes whenever what is shown does.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }
  /// Returns the number of heads shown.
  [[nodiscard]] int heads() const { return heads_.count; }
  [[nodiscard]] int blocks() const { return static_cast<int>(blocks_.size()); }
  /// Returns how many queries a block stands for; the last one may have fewer.
  [[nodiscard]] int queries_per_block() const { return queries_per_block_; }
  /// Returns the number of queries in all blocks.
  [[nodiscard]] int queries() const;
  /// Returns how many queries the last block has room for.
  [[nodiscard]] int lacking() const;
  [[nodiscard]] int columns() const { return columns_; }
  /// Returns how many positions a column stands for; the last one may have fewer.
  [[nodiscard]] int positions_per_column() const { return positions_per_column_; }
  /// Returns the columns that the last query of a block sees: up to its own position.
  [[nodiscard]] int columns_of(int block) const { return at(block).columns; }
  /// Returns the levels of one of the heads shown, in the order of HeadSpan, (columns_of(block)).
  [[nodiscard]] std::span<const std::int16_t> levels(int block, int head) const;
  /// Returns a number that no other content of a block has.
  [[nodiscard]] std::uint64_t revision_of(int block) const { return at(block).revision; }

 private:
  struct Block {
    std::vector<std::shared_ptr<const run::AttentionRow>> sources;
    int columns = 0;
    std::vector<std::int16_t> levels;  // (heads, columns)
    std::uint64_t revision = 0;
  };
  [[nodiscard]] const Block& at(int block) const {
    return blocks_[static_cast<std::size_t>(block)];
  }
  [[nodiscard]] std::int64_t number_of(const run::AttentionRow& row) const {
    return row.step / queries_per_block_;
  }
  [[nodiscard]] AttentionRows without_partial_block(AttentionRows rows) const;
  /// Adds the rows that a block, whose rows they begin with, lacks. Returns whether there were any.
  bool extend(Block& block, AttentionRows rows);
  void add(Block& block, const std::shared_ptr<const run::AttentionRow>& row) const;
  [[nodiscard]] std::vector<std::int16_t> reduced(const run::AttentionRow& row) const;

  AttentionSide side_ = AttentionSide::lane;
  HeadSpan heads_;
  int columns_ = 0;
  int positions_per_column_ = 1;
  int queries_per_block_ = 1;
  std::uint64_t revision_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace sketchscope::view
