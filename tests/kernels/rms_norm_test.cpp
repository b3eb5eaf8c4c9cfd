#include "kernels/rms_norm.hpp"

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

class RmsNormOnEveryImplementation : public EveryImplementation {};

TEST_P(RmsNormOnEveryImplementation, MatchesTheReference) {
  for (const std::size_t width : {1, 2, 7, 8, 15, 16, 33, 64, 576, 1601}) {
    for (const std::size_t rows : {0, 1, 3, 20}) {
      for (const float reach : {1e-3F, 1.0F, 300.0F}) {
        SCOPED_TRACE(::testing::Message() << rows << " rows of " << width << " up to " << reach);
        const auto input = random_values(1, rows * width, -reach, reach);
        const auto scale = random_values(2, width);
        Guarded output(rows * width);
        GetParam().rms_norm(input, scale, 1e-6F, output.values());
        std::vector<float> expected(rows * width);
        reference::rms_norm(input, scale, 1e-6F, expected);
        EXPECT_TRUE(all_close(output.values(), expected, {.absolute = 1e-7, .relative = 1e-6}));
        EXPECT_TRUE(output.guards_intact());
      }
    }
  }
}

TEST_P(RmsNormOnEveryImplementation, WorksInPlace) {
  const auto scale = random_values(2, 37);
  auto values = random_values(1, 5 * 37);
  std::vector<float> expected(values.size());
  GetParam().rms_norm(values, scale, 1e-5F, expected);
  GetParam().rms_norm(values, scale, 1e-5F, values);
  EXPECT_TRUE(all_equal(values, expected));
}

TEST_P(RmsNormOnEveryImplementation, KeepsARowOfZeros) {
  const std::vector<float> zeros(48);
  std::vector<float> output(48, 1.0F);
  GetParam().rms_norm(zeros, random_values(2, 48), 1e-5F, output);
  EXPECT_TRUE(all_close(output, zeros, {}));
}

TEST_P(RmsNormOnEveryImplementation, RefusesAPartialRow) {
  const std::vector<float> scale(8);
  std::vector<float> values(12);
  EXPECT_THROW(GetParam().rms_norm(values, scale, 1e-5F, values), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, RmsNormOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
