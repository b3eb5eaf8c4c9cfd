#pragma once

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "kernels/layers.hpp"
#include "tests/kernels/kernel_test.hpp"

namespace sketchscope::kernels {

/// Expects that a row with a number that is not finite leaves the rows beside it as they are alone.
inline void expect_a_bad_row_to_harm_no_other(const Implementation& with, const Linear& layer) {
  ThreadPool pool(1);
  const auto inputs = static_cast<std::size_t>(layer.inputs);
  const auto outputs = static_cast<std::size_t>(layer.outputs);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity}) {
    auto input = random_values(4, 3 * inputs);
    const std::vector<float> good(input.begin(), input.begin() + layer.inputs);
    input[2 * inputs - 4] = bad;
    std::vector<float> output(3 * outputs);
    std::vector<float> expected(outputs);
    with.linear(pool, layer, input, 3, output);
    with.linear(pool, layer, good, 1, expected);
    EXPECT_TRUE(all_equal(std::span(output).first(outputs), expected));
    for (std::size_t n = 0; n < outputs; ++n) {
      EXPECT_FALSE(std::isfinite(output[outputs + n]));
      EXPECT_TRUE(std::isfinite(output[2 * outputs + n]));
    }
  }
}

/// Expects the bias as the output of a row of zeros.
inline void expect_the_bias_for_zeros(const Implementation& with, const Linear& layer) {
  ThreadPool pool(1);
  const std::vector<float> input(static_cast<std::size_t>(layer.inputs));
  std::vector<float> output(static_cast<std::size_t>(layer.outputs));
  with.linear(pool, layer, input, 1, output);
  EXPECT_TRUE(all_equal(output, std::span(layer.bias, output.size())));
}

}  // namespace sketchscope::kernels
