#include "engine/policy/sketch_estimates.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>

#include "engine/core/error.hpp"

namespace sketchscope::policy {

void sketch_estimates(const ScoreInput& input, std::span<float> estimates) {
  if (input.sketch == nullptr)
    throw core::Error("a policy that reads a sketch was asked to score without one");
  constexpr std::size_t kBlock = 256;  // slots whose estimates are requested in one call
  std::array<std::uint32_t, kBlock> ids;
  std::array<float, kBlock> of_row;
  std::ranges::fill(estimates, 0.0F);
  for (std::size_t first = 0; first < estimates.size(); first += kBlock) {
    const auto block = estimates.subspan(first, std::min(kBlock, estimates.size() - first));
    const auto of_block = std::span(ids).first(block.size());
    for (int row = 0; row < input.items.rows(); ++row) {
      input.items.copy_ids(row, first, of_block);
      input.sketch->estimate_all(of_block, std::span(of_row).first(block.size()));
      std::ranges::transform(block, of_row, block.begin(), std::plus<>());
    }
  }
}

}  // namespace sketchscope::policy
