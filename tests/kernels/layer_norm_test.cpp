#include "kernels/layers.hpp"

#include <cmath>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

class LayerNormOnEveryImplementation : public EveryImplementation {};

TEST_P(LayerNormOnEveryImplementation, MatchesTheReference) {
  for (const std::size_t width : {1, 2, 7, 8, 15, 16, 33, 64, 768, 1601}) {
    for (const std::size_t rows : {0, 1, 3, 20}) {
      for (const float offset : {0.0F, 100.0F}) {
        SCOPED_TRACE(::testing::Message() << rows << " rows of " << width << " around " << offset);
        const auto input = random_values(1, rows * width, offset - 1.0F, offset + 1.0F);
        const auto scale = random_values(2, width);
        const auto bias = random_values(3, width);
        Guarded output(rows * width);
        GetParam().layer_norm(input, scale, bias, 1e-5F, output.values());
        std::vector<float> expected(rows * width);
        reference::layer_norm(input, scale, bias, 1e-5F, expected);
        // One rounding of the mean moves a whole row by that much, and by 300 times that where
        // epsilon alone keeps the variance from zero.
        const double spread = width == 1 ? std::sqrt(1e-5) : 0.1;
        const double tolerance = 4e-6 + 1.2e-7 * offset / spread;
        EXPECT_TRUE(all_close(output.values(), expected, {.absolute = tolerance}));
        EXPECT_TRUE(output.guards_intact());
      }
    }
  }
}

TEST_P(LayerNormOnEveryImplementation, WorksInPlace) {
  const auto scale = random_values(2, 37);
  const auto bias = random_values(3, 37);
  auto values = random_values(1, 5 * 37);
  std::vector<float> expected(values.size());
  GetParam().layer_norm(values, scale, bias, 1e-5F, expected);
  GetParam().layer_norm(values, scale, bias, 1e-5F, values);
  EXPECT_TRUE(all_equal(values, expected));
}

TEST_P(LayerNormOnEveryImplementation, TurnsAConstantRowIntoTheShift) {
  const std::vector<float> input(48, 3.0F);
  const auto scale = random_values(2, 48);
  const auto bias = random_values(3, 48);
  std::vector<float> output(48);
  GetParam().layer_norm(input, scale, bias, 1e-5F, output);
  EXPECT_TRUE(all_equal(output, bias));
}

TEST_P(LayerNormOnEveryImplementation, RefusesAPartialRow) {
  const std::vector<float> parameters(8);
  std::vector<float> values(12);
  EXPECT_THROW(GetParam().layer_norm(values, parameters, parameters, 1e-5F, values), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, LayerNormOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
