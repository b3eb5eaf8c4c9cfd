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

/// One head's attention by query and key: a row a step, ascending, a column a position.
struct AttentionMatrix {
  int queries = 0;                  // Q
  int positions = 0;                // P, that of the last query
  std::vector<std::int64_t> steps;  ///< step of each query, (Q)
  std::vector<int> last;  ///< position of each query, (Q); its row has no values beyond that column
  std::vector<float> values;  ///< (Q, P); NaN if a position is not stored
};
/// Returns the matrix of a head; empty without rows or without a twin that `side` asks for. In a
/// difference, what is not stored counts as 0.
AttentionMatrix attention_matrix(AttentionRows rows, int layer, int head, AttentionSide side);

/// Returns the matrix of a head reduced to at most these many rows and columns: the value of
/// largest size of each block, NaN where none of its positions is stored.
AttentionMatrix small_attention_matrix(AttentionRows rows, int layer, int head, AttentionSide side,
                                       int most_rows, int most_columns);

/// Returns one row per query and key of one head, with the attention of lane and twin.
DataTable attention_matrix_data(AttentionRows rows, int layer, int head);

}  // namespace sketchscope::view
