#include "kernels/layers.hpp"

#include <cmath>
#include <limits>

#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

constexpr Activation kAll[] = {Activation::gelu, Activation::gelu_new, Activation::relu,
                               Activation::silu, Activation::tanh};

class ActivationOnEveryImplementation : public EveryImplementation {};

TEST_P(ActivationOnEveryImplementation, MatchesTheReference) {
  for (const Activation function : kAll) {
    for (const float reach : {0.3F, 4.0F, 30.0F, 1e4F, 1e30F}) {
      for (const std::size_t count : {0, 1, 5, 16, 31, 4096}) {
        SCOPED_TRACE(::testing::Message() << "function " << static_cast<int>(function) << ", "
                                          << count << " values up to " << reach);
        const auto input = random_values(9, count, -reach, reach);
        Guarded found(count);
        std::ranges::copy(input, found.values().begin());
        GetParam().activate(function, found.values());
        auto expected = input;
        reference::activate(function, expected);
        EXPECT_TRUE(all_close(found.values(), expected, {.absolute = 6e-7, .relative = 1e-6}));
        EXPECT_TRUE(found.guards_intact());
      }
    }
  }
}

TEST_P(ActivationOnEveryImplementation, KeepsZeroAndNotANumber) {
  for (const Activation function : kAll) {
    std::vector<float> values(17, 0.0F);
    values[3] = std::numeric_limits<float>::quiet_NaN();
    GetParam().activate(function, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      SCOPED_TRACE(::testing::Message()
                   << "function " << static_cast<int>(function) << " at " << i);
      if (i == 3) {
        EXPECT_TRUE(std::isnan(values[i]));
      } else {
        EXPECT_EQ(values[i], 0.0F);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Implementations, ActivationOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
