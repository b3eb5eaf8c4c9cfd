#include "kernels/gate.hpp"

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

class GateOnEveryImplementation : public EveryImplementation {};

TEST_P(GateOnEveryImplementation, MatchesTheReference) {
  for (const Activation function :
       {Activation::gelu, Activation::gelu_new, Activation::relu, Activation::silu}) {
    for (const int width : {1, 5, 16, 31, 172, 1536}) {
      for (const int rows : {0, 1, 3}) {
        SCOPED_TRACE(::testing::Message() << "function " << static_cast<int>(function) << ", "
                                          << rows << " x " << width);
        const auto size = static_cast<std::size_t>(rows * width);
        const auto input = random_values(9, 2 * size, -4.0F, 4.0F);
        Guarded found(size);
        GetParam().gate(function, width, input, found.values());
        std::vector<float> expected(size);
        reference::gate(function, width, input, expected);
        EXPECT_TRUE(all_close(found.values(), expected, {.absolute = 3e-6, .relative = 1e-6}));
        EXPECT_TRUE(found.guards_intact());
      }
    }
  }
}

TEST_P(GateOnEveryImplementation, TakesGatesBeforeValues) {
  std::vector<float> output(2);
  GetParam().gate(Activation::relu, 2, std::vector<float>{2, -1, 3, 5}, output);
  EXPECT_EQ(output, (std::vector<float>{6, 0}));
}

TEST_P(GateOnEveryImplementation, RefusesSizesThatDoNotFit) {
  const std::vector<float> input(12);
  std::vector<float> output(6);
  EXPECT_THROW(GetParam().gate(Activation::silu, 4, input, output), KernelError);
  EXPECT_THROW(GetParam().gate(Activation::silu, 6, std::span(input).first(8), output),
               KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, GateOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
