#include "kernels/distribution.hpp"

#include <cmath>

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

constexpr std::size_t kSizes[] = {1, 2, 3, 15, 16, 17, 255, 256, 257, 50257};

class SoftmaxOnEveryImplementation : public EveryImplementation {};

TEST_P(SoftmaxOnEveryImplementation, MatchesTheReference) {
  for (const std::size_t size : kSizes) {
    for (const float reach : {1.0F, 60.0F}) {
      SCOPED_TRACE(::testing::Message() << size << " logits up to " << reach);
      const auto logits = random_values(1, size, -2.0F * reach, reach);
      Guarded found(size);
      const double log_sum = GetParam().softmax(logits, found.values());
      std::vector<float> expected(size);
      EXPECT_NEAR(log_sum, reference::softmax(logits, expected), 1e-6);
      EXPECT_TRUE(all_close(found.values(), expected, {.absolute = 1e-12, .relative = 1e-6}));
      EXPECT_TRUE(found.guards_intact());
    }
  }
}

TEST_P(SoftmaxOnEveryImplementation, WorksInPlaceAndDoesNotOverflow) {
  std::vector<float> values{1000.0F, 1000.0F, -1000.0F};
  EXPECT_NEAR(GetParam().softmax(values, values), 1000.0 + std::log(2.0), 1e-6);
  EXPECT_TRUE(all_close(values, std::vector<float>{0.5F, 0.5F, 0.0F}, {.absolute = 1e-7}));
}

TEST_P(SoftmaxOnEveryImplementation, RefusesAnEmptyRow) {
  EXPECT_THROW(GetParam().softmax({}, {}), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, SoftmaxOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

TEST(Entropy, MatchesTheReferenceOnEveryInstructionSet) {
  for (const auto set : cpu::supported_instruction_sets()) {
    for (const std::size_t size : kSizes) {
      SCOPED_TRACE(::testing::Message() << cpu::name_of(set) << ", " << size << " entries");
      std::vector<float> probability(size);
      reference::softmax(random_values(2, size, -20.0F, 20.0F), probability);
      if (size > 2) probability[2] = 0.0F;
      EXPECT_NEAR(entropy(probability, cpu::kernels_for(set)), reference::entropy(probability),
                  2e-6);
    }
  }
}

TEST(Entropy, OfAUniformDistributionIsTheLogarithmOfItsSize) {
  EXPECT_NEAR(entropy(std::vector<float>(128, 1.0F / 128.0F)), std::log(128.0), 1e-6);
}

TEST(Entropy, OfACertaintyIsZero) {
  EXPECT_EQ(entropy(std::vector<float>{0.0F, 1.0F, 0.0F}), 0.0);
}

TEST(LogitKl, MatchesTheReferenceOnEveryInstructionSet) {
  for (const auto set : cpu::supported_instruction_sets()) {
    for (const std::size_t size : kSizes) {
      for (const float change : {1e-3F, 1.0F, 10.0F}) {
        SCOPED_TRACE(::testing::Message()
                     << cpu::name_of(set) << ", " << size << " logits changed by " << change);
        const auto p = random_values(1, size, -10.0F, 10.0F);
        auto q = random_values(2, size, -change, change);
        for (std::size_t i = 0; i < size; ++i) q[i] += p[i];
        const double expected = reference::logit_kl(p, q);
        EXPECT_NEAR(logit_kl(p, q, cpu::kernels_for(set)), expected, 1e-12 + 2e-4 * expected);
      }
    }
  }
}

TEST(LogitKl, IsZeroForEqualDistributions) {
  const auto p = random_values(1, 1000, -10.0F, 10.0F);
  EXPECT_EQ(logit_kl(p, p), 0.0);
}

TEST(LogitKl, IsThatOfAHandComputedPair) {
  // p = (1/2, 1/2), q = (1/4, 3/4): ½ ln 2 + ½ ln ⅔.
  const std::vector<float> p{0.0F, 0.0F};
  const std::vector<float> q{0.0F, std::log(3.0F)};
  EXPECT_NEAR(logit_kl(p, q), 0.5 * std::log(2.0) + 0.5 * std::log(2.0 / 3.0), 1e-6);
}

TEST(LogitKl, RefusesDistributionsOfDifferentSize) {
  EXPECT_THROW((void)logit_kl(std::vector<float>(2), std::vector<float>(3)), KernelError);
}

TEST(RankOf, CountsLargerEntriesAndEqualOnesBefore) {
  const std::vector<float> values{2.0F, 5.0F, 2.0F, 7.0F, 2.0F};
  const int expected[] = {2, 1, 3, 0, 4};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(rank_of(values, i), expected[i]) << "index " << i;
}

}  // namespace
}  // namespace sketchscope::kernels
