#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/layers.hpp"
#include "kernels/weight_type.hpp"

namespace sketchscope::kernels {

/// Outputs of a panel. The matrices of linear layers lie on the processor in panels, which hold the
/// weights of 16 outputs side by side, so that one load takes the weights of many outputs for the
/// same input and no sum crosses a register. The last panel of a matrix is filled with zeros.
///
/// Weights in f32, f16 and bf16 lie as (K, 16). Codes of 8 bits lie as (K / 2 pairs of inputs, 16,
/// 2), K filled up with zeros to a multiple of 32. A panel of blocks is a list of K / 32 parts,
/// each with one block of every output: the 16 scales, then the 16 minima if the type has them,
/// then the codes. Codes of 4 bits lie as (4 groups of 8 inputs, 16, 2) 16-bit words, where word u
/// of a group has the codes of its inputs u, u + 2, u + 4 and u + 6, the lowest bits first.
inline constexpr int kPanelOutputs = 16;

/// Panels that hold so many outputs, the last filled up.
constexpr std::size_t panel_count(int outputs) {
  return (static_cast<std::size_t>(outputs) + kPanelOutputs - 1) / kPanelOutputs;
}

/// Bytes of one panel.
constexpr std::size_t panel_bytes(WeightType type, int inputs) {
  if (in_blocks(type)) return block_count(inputs) * kPanelOutputs * block_sizes(type).total();
  const std::size_t weights = type == WeightType::int8 ? block_count(inputs) * kWeightsPerBlock
                                                       : static_cast<std::size_t>(inputs);
  return weights * kPanelOutputs * element_bytes(type);
}

/// Bytes of all panels of a matrix (N, K).
constexpr std::size_t matrix_bytes(WeightType type, int outputs, int inputs) {
  return panel_count(outputs) * panel_bytes(type, inputs);
}

/// Bytes of one row of weights that lies by itself.
constexpr std::size_t row_bytes(WeightType type, int inputs) {
  return in_blocks(type) ? block_count(inputs) * block_sizes(type).total()
                         : static_cast<std::size_t>(inputs) * element_bytes(type);
}

/// Writes a panel from up to 16 rows of `inputs` weights, which may lie at any address. Blocks are
/// those of a GGUF file: the scale, the minimum if there is one, then the codes; byte i of 4-bit
/// codes holds those of the inputs i and i + 16. Throws KernelError on sizes that do not fit.
void pack_panel(WeightType type, int inputs, std::span<const std::byte* const> rows,
                std::span<std::byte> panel);

/// Puts a row-major matrix (N, K), which begins the room that its panels take, into panels there.
void pack_in_place(WeightType type, int outputs, int inputs, std::span<std::byte> matrix);

/// Reads the weights of one output of a layer in panels to `row` (K).
void read_weights(const Linear& layer, int output, std::span<float> row);

/// Returns the weights (N, K) of a layer in panels as a row-major matrix of their type, blocks as
/// pack_panel() takes them.
[[nodiscard]] std::vector<std::byte> row_major(const Linear& layer);

}  // namespace sketchscope::kernels
