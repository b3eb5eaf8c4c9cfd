#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/trace/step_trace.hpp"
#include "kernels/layers.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::model {

/// Returns the work of an operation that reads or writes arrays of the size of `rows`, `arrays` of
/// them in all, and whose arithmetic does not count beside that.
inline trace::Work rows_work(int arrays, std::span<const float> rows) {
  return {.bytes = static_cast<std::int64_t>(static_cast<std::size_t>(arrays) * rows.size_bytes())};
}

/// Returns the work of a linear layer: each weight is read once for all rows of `input` (B, K).
inline trace::Work linear_work(const kernels::Linear& layer, std::span<const float> input,
                               std::span<const float> output) {
  const auto outputs = static_cast<std::size_t>(layer.outputs);
  const std::size_t weights = kernels::matrix_bytes(layer.type, layer.outputs, layer.inputs);
  const std::size_t vectors =
      (layer.scale != nullptr ? 1U : 0U) + (layer.bias != nullptr ? 1U : 0U);
  return {.bytes = static_cast<std::int64_t>(weights + vectors * outputs * sizeof(float) +
                                             input.size_bytes() + output.size_bytes()),
          .multiply_adds = static_cast<std::int64_t>(input.size() * outputs)};
}

}  // namespace sketchscope::model
