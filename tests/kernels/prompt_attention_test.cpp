#include <cmath>

#include "kernels/decode_attention.hpp"
#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"

namespace sketchscope {
namespace {

class PromptAttentionOnEveryImplementation : public EveryImplementation {};

PromptAttention prompt_of(std::span<const float> qkv, int tokens, int heads, int width) {
  return {.tokens = tokens,
          .heads = heads,
          .head_width = width,
          .scale = 1.0F / std::sqrt(static_cast<float>(width)),
          .qkv = qkv};
}

TEST_P(PromptAttentionOnEveryImplementation, MatchesTheReference) {
  for (const int tokens : {0, 1, 2, 3, 4, 5, 17, 64, 131}) {
    for (const int width : {1, 3, 16, 33, 64, 80}) {
      for (const int heads : {1, 3}) {
        SCOPED_TRACE(::testing::Message()
                     << tokens << " tokens, " << heads << " heads of " << width);
        const auto count = static_cast<std::size_t>(tokens * heads * width);
        const auto qkv = random_values(31, 3 * count, -2.0F, 2.0F);
        const auto input = prompt_of(qkv, tokens, heads, width);
        Guarded output(count);
        std::vector<float> expected(count);
        for (int head = 0; head < heads; ++head) {
          Guarded mass(static_cast<std::size_t>(tokens));
          GetParam().prompt_attention(input, head, output.values(), mass.values());
          std::vector<float> expected_mass(static_cast<std::size_t>(tokens));
          reference::prompt_attention(input, head, expected, expected_mass);
          EXPECT_TRUE(
              all_close(mass.values(), expected_mass, {.absolute = 1e-6, .relative = 5e-6}));
          EXPECT_TRUE(mass.guards_intact());
        }
        EXPECT_TRUE(all_close(output.values(), expected, {.absolute = 5e-6}));
        EXPECT_TRUE(output.guards_intact());
      }
    }
  }
}

TEST_P(PromptAttentionOnEveryImplementation, FillsOneHeadAndNoOther) {
  const auto qkv = random_values(3, 3 * 9 * 3 * 5);
  std::vector<float> output(9 * 3 * 5, -7.0F);
  GetParam().prompt_attention(prompt_of(qkv, 9, 3, 5), 1, output, {});
  for (std::size_t i = 0; i < output.size(); ++i) {
    const bool belongs_to_head = i / 5 % 3 == 1;
    EXPECT_EQ(output[i] != -7.0F, belongs_to_head) << "index " << i;
  }
}

TEST_P(PromptAttentionOnEveryImplementation, DoesNotLookAhead) {
  auto qkv = random_values(3, 3 * 21 * 8);
  std::vector<float> before(21 * 8);
  GetParam().prompt_attention(prompt_of(qkv, 21, 1, 8), 0, before, {});
  for (std::size_t i = 3 * 13 * 8; i < qkv.size(); ++i) qkv[i] += 1.0F;
  std::vector<float> after(21 * 8);
  GetParam().prompt_attention(prompt_of(qkv, 21, 1, 8), 0, after, {});
  EXPECT_TRUE(all_equal(std::span(after).first(13 * 8), std::span(before).first(13 * 8)));
  EXPECT_FALSE(all_equal(after, before));
}

TEST_P(PromptAttentionOnEveryImplementation, RefusesAHeadThatTheModelLacks) {
  const std::vector<float> qkv(3 * 4);
  std::vector<float> output(4);
  EXPECT_THROW(GetParam().prompt_attention(prompt_of(qkv, 1, 1, 4), 1, output, {}), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, PromptAttentionOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope
