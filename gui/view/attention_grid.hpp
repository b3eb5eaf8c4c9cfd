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

/// Returns the mass of the lane's code less that of the twin's. What is not stored counts as 0.
float attention_difference(std::uint8_t lane, std::uint8_t twin);

/// Returns the attention of a row's query at a position; NaN if it is not stored and
/// `side` is no difference.
float attention_value(const run::AttentionRow& row, int layer, int head, AttentionSide side,
                      int position);

/// The difference that has the largest level.
constexpr float kLargestDifference = 0.1F;
constexpr int kLargestLevel = 255;

/// Returns one row per query and key of one head, with the attention of lane and twin.
DataTable attention_matrix_data(AttentionRows rows, int layer, int head);

}  // namespace sketchscope::view
