#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernel_error.hpp"
#include "kernels/prompt_attention.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

class PromptAttentionOnEveryImplementation : public EveryImplementation {};

struct PromptShape {
  int tokens;
  int heads;
  int width;
  int kv_heads = heads;

  [[nodiscard]] std::size_t query_width() const { return static_cast<std::size_t>(heads * width); }
  [[nodiscard]] std::size_t kv_width() const { return static_cast<std::size_t>(kv_heads * width); }
  /// Numbers of a token's query, key and value, which lie one after the other.
  [[nodiscard]] std::size_t row() const { return query_width() + 2 * kv_width(); }
  [[nodiscard]] std::size_t numbers() const { return static_cast<std::size_t>(tokens) * row(); }
  [[nodiscard]] std::size_t outputs() const {
    return static_cast<std::size_t>(tokens) * query_width();
  }
};

/// `qkv` (N, H + 2 K, D): query, key and value of each token.
PromptAttention prompt_of(std::span<const float> qkv, const PromptShape& shape) {
  const auto columns = [&](std::size_t first, std::size_t width) {
    return StridedRows{
        .numbers = qkv.subspan(std::min(first, qkv.size())), .width = width, .stride = shape.row()};
  };
  return {.tokens = shape.tokens,
          .heads = shape.heads,
          .kv_heads = shape.kv_heads,
          .head_width = shape.width,
          .scale = 1.0F / std::sqrt(static_cast<float>(shape.width)),
          .query = columns(0, shape.query_width()),
          .key = columns(shape.query_width(), shape.kv_width()),
          .value = columns(shape.query_width() + shape.kv_width(), shape.kv_width())};
}

TEST_P(PromptAttentionOnEveryImplementation, MatchesTheReference) {
  for (const int tokens : {0, 1, 2, 3, 4, 5, 17, 64, 131}) {
    for (const int width : {1, 3, 16, 33, 64, 80}) {
      for (const auto& [heads, kv_heads] : {std::pair(1, 1), {3, 3}, {6, 2}}) {
        SCOPED_TRACE(::testing::Message() << tokens << " tokens, " << heads << " on " << kv_heads
                                          << " heads of " << width);
        const PromptShape shape{tokens, heads, width, kv_heads};
        const auto qkv = random_values(31, shape.numbers(), -2.0F, 2.0F);
        const auto input = prompt_of(qkv, shape);
        Guarded output(shape.outputs());
        std::vector<float> expected(shape.outputs());
        for (int head = 0; head < heads; ++head) {
          Guarded mass(static_cast<std::size_t>(tokens));
          std::vector<float> expected_mass(static_cast<std::size_t>(tokens), 0.5F);
          std::ranges::copy(expected_mass, mass.values().begin());
          GetParam().prompt_attention(input, head, output.values(), mass.values());
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

TEST_P(PromptAttentionOnEveryImplementation, MatchesTheReferenceWhereHeadsAreWide) {
  for (const int width : {96, 127, 128, 129, 200, 300}) {
    SCOPED_TRACE(::testing::Message() << "heads of " << width);
    const PromptShape shape{67, 2, width, 1};
    const auto qkv = random_values(32, shape.numbers());
    const auto input = prompt_of(qkv, shape);
    std::vector<float> output(shape.outputs());
    std::vector<float> expected(shape.outputs());
    for (int head = 0; head < shape.heads; ++head) {
      std::vector<float> mass(67);
      std::vector<float> expected_mass(67);
      GetParam().prompt_attention(input, head, output, mass);
      reference::prompt_attention(input, head, expected, expected_mass);
      EXPECT_TRUE(all_close(mass, expected_mass, {.absolute = 1e-6, .relative = 5e-6}));
    }
    EXPECT_TRUE(all_close(output, expected, {.absolute = 5e-6}));
  }
}

/// The part of a prompt whose queries are those of the tokens [first, end).
PromptAttention part_of(const PromptAttention& whole, int first, int end) {
  PromptAttention part = whole;
  part.tokens = end;
  part.first = first;
  part.query.numbers =
      whole.query.numbers.subspan(static_cast<std::size_t>(first) * whole.query.stride);
  return part;
}

TEST_P(PromptAttentionOnEveryImplementation, GivesEveryQueryTheSameInWhateverPartItComes) {
  for (const PromptShape shape : {PromptShape{67, 1, 16}, {67, 6, 33, 2}, {70, 2, 64, 1}}) {
    const auto qkv = random_values(17, shape.numbers(), -2.0F, 2.0F);
    const auto input = prompt_of(qkv, shape);
    for (int head = 0; head < shape.heads; ++head) {
      std::vector<float> expected(shape.outputs());
      std::vector<float> expected_mass(static_cast<std::size_t>(shape.tokens));
      GetParam().prompt_attention(input, head, expected, expected_mass);
      for (const int rows : {1, 3, 4, 16, 33, 66}) {
        SCOPED_TRACE(::testing::Message() << rows << " queries of " << shape.tokens << " at once");
        std::vector<float> output(shape.outputs());
        std::vector<float> mass(static_cast<std::size_t>(shape.tokens));
        for (int first = 0; first < shape.tokens; first += rows) {
          const int end = std::min(first + rows, shape.tokens);
          const auto numbers = [&](int tokens) {
            return static_cast<std::size_t>(tokens) * shape.query_width();
          };
          GetParam().prompt_attention(
              part_of(input, first, end), head,
              std::span(output).subspan(numbers(first), numbers(end - first)),
              std::span(mass).first(static_cast<std::size_t>(end)));
        }
        EXPECT_TRUE(all_equal(output, expected));
        EXPECT_TRUE(all_equal(mass, expected_mass));
      }
    }
  }
}

TEST_P(PromptAttentionOnEveryImplementation, GivesAllHeadsAtOnceTheSameAsOneByOne) {
  const PromptShape shape{75, 6, 33, 2};
  const auto qkv = random_values(19, shape.numbers(), -2.0F, 2.0F);
  const auto input = part_of(prompt_of(qkv, shape), 30, 75);
  constexpr std::size_t kMassStride = 80;  // more than the tokens so far
  std::vector<float> output(45 * shape.query_width());
  std::vector<float> mass(6 * kMassStride, 0.25F);
  std::vector<float> expected = output;
  std::vector<float> expected_mass = mass;
  GetParam().prompt_heads(input, output, mass);
  for (int head = 0; head < 6; ++head) {
    GetParam().prompt_attention(
        input, head, expected,
        std::span(expected_mass).subspan(static_cast<std::size_t>(head) * kMassStride, 75));
  }
  EXPECT_TRUE(all_equal(output, expected));
  EXPECT_TRUE(all_equal(mass, expected_mass));
}

TEST_P(PromptAttentionOnEveryImplementation, TakesQueriesKeysAndValuesFromArraysOfTheirOwn) {
  const PromptShape shape{11, 6, 5, 2};
  const auto qkv = random_values(8, shape.numbers());
  const auto fused = prompt_of(qkv, shape);
  PromptAttention apart = fused;
  std::vector<std::vector<float>> arrays;
  for (StridedRows* rows : {&apart.query, &apart.key, &apart.value}) {
    std::vector<float>& own = arrays.emplace_back();
    for (std::size_t token = 0; token < 11; ++token) {
      own.insert(own.end(), rows->row(token).begin(), rows->row(token).end());
    }
    *rows = {.numbers = own, .width = rows->width, .stride = rows->width};
  }
  for (int head = 0; head < shape.heads; ++head) {
    std::vector<float> expected(shape.outputs());
    GetParam().prompt_attention(fused, head, expected, {});
    std::vector<float> found(shape.outputs());
    GetParam().prompt_attention(apart, head, found, {});
    EXPECT_TRUE(all_equal(found, expected));
  }
}

TEST_P(PromptAttentionOnEveryImplementation, RefusesVectorsThatDoNotFit) {
  const PromptShape shape{11, 6, 5, 2};
  const auto qkv = random_values(8, shape.numbers());
  std::vector<float> output(shape.outputs());
  const auto refuses = [&](const auto& change) {
    PromptAttention input = prompt_of(qkv, shape);
    change(input);
    EXPECT_THROW(GetParam().prompt_attention(input, 0, output, {}), KernelError);
  };
  refuses([](PromptAttention& input) { input.kv_heads = 4; });
  refuses([](PromptAttention& input) { input.first = 12; });
  refuses([](PromptAttention& input) { input.first = 3; });
  refuses([](PromptAttention& input) { input.key.width = 9; });
  refuses([](PromptAttention& input) { input.query.stride = 29; });
  refuses([](PromptAttention& input) {
    input.value.numbers = input.value.numbers.first(input.value.numbers.size() - 1);
  });
}

TEST_P(PromptAttentionOnEveryImplementation, FillsOneHeadAndNoOther) {
  const auto qkv = random_values(3, 3 * 9 * 3 * 5);
  std::vector<float> output(9 * 3 * 5, -7.0F);
  GetParam().prompt_attention(prompt_of(qkv, {9, 3, 5}), 1, output, {});
  for (std::size_t i = 0; i < output.size(); ++i) {
    const bool belongs_to_head = i / 5 % 3 == 1;
    EXPECT_EQ(output[i] != -7.0F, belongs_to_head) << "index " << i;
  }
}

TEST_P(PromptAttentionOnEveryImplementation, DoesNotLookAhead) {
  auto qkv = random_values(3, 3 * 21 * 8);
  std::vector<float> before(21 * 8);
  GetParam().prompt_attention(prompt_of(qkv, {21, 1, 8}), 0, before, {});
  for (std::size_t i = 3 * 13 * 8; i < qkv.size(); ++i) qkv[i] += 1.0F;
  std::vector<float> after(21 * 8);
  GetParam().prompt_attention(prompt_of(qkv, {21, 1, 8}), 0, after, {});
  EXPECT_TRUE(all_equal(std::span(after).first(13 * 8), std::span(before).first(13 * 8)));
  EXPECT_FALSE(all_equal(after, before));
}

TEST_P(PromptAttentionOnEveryImplementation, KeepsWhatIsNotFiniteFromEarlierQueries) {
  const PromptShape shape{45, 1, 8};
  auto qkv = random_values(3, shape.numbers());
  const auto input = prompt_of(qkv, shape);
  std::vector<float> before(shape.outputs());
  GetParam().prompt_attention(input, 0, before, {});
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::fill(qkv.begin() + 35 * 24, qkv.end(), bad);  // the tokens from 35 on
    std::vector<float> after(shape.outputs());
    GetParam().prompt_attention(input, 0, after, {});
    EXPECT_TRUE(all_equal(std::span(after).first(35 * 8), std::span(before).first(35 * 8)));
    for (const float number : std::span(after).subspan(35 * 8)) EXPECT_FALSE(std::isfinite(number));
  }
}

TEST_P(PromptAttentionOnEveryImplementation, RefusesAHeadThatTheModelLacks) {
  const std::vector<float> qkv(3 * 4);
  std::vector<float> output(4);
  EXPECT_THROW(GetParam().prompt_attention(prompt_of(qkv, {1, 1, 4}), 1, output, {}), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, PromptAttentionOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
