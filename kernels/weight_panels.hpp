#pragma once

#include <cstddef>
#include <span>

#include "kernels/weight_type.hpp"

namespace sketchscope::kernels {

/// Outputs of a panel. A panel holds the weights of 16 outputs side by side, so that one load takes
/// the weights of many outputs for the same inputs; the last panel of a matrix is filled with
/// zeros.
///
/// A panel of blocks is a list of K / 32 parts, each with one block of every output: the 16 scales,
/// then the 16 minima if the type has them, then the codes. Codes of 8 bits lie as (16 pairs of
/// inputs, 16 outputs, 2). Those of 4 bits lie as (4 groups of 8 inputs, 16 outputs, 2) 16-bit
/// words, where word u of a group has the codes of its inputs u, u + 2, u + 4 and u + 6, the lowest
/// bits first.
inline constexpr int kPanelOutputs = 16;

constexpr std::size_t panel_count(int outputs) {
  return (static_cast<std::size_t>(outputs) + kPanelOutputs - 1) / kPanelOutputs;
}

/// Bytes of one panel of a type with blocks; K is a multiple of 32.
constexpr std::size_t panel_bytes(WeightType type, int inputs) {
  return static_cast<std::size_t>(inputs / kWeightsPerBlock) * kPanelOutputs *
         block_sizes(type).total();
}

/// Writes a panel from up to 16 rows of blocks as a GGUF file stores them, each `inputs` weights
/// long and at any address: the scale, the minimum if there is one, then the codes; byte i of
/// 4-bit codes holds those of the inputs i and i + 16.
void pack_panel(WeightType type, int inputs, std::span<const std::byte* const> rows,
                std::span<std::byte> panel);

/// Reads the weights of one output from a matrix in panels to `row` (K).
void read_panel_row(WeightType type, const std::byte* panels, int output, std::span<float> row);

}  // namespace sketchscope::kernels
