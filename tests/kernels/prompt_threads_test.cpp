// Attention of all heads of a prompt at once, whose blocks of queries run on several threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/kernel_error.hpp"
#include "kernels/prompt_attention.hpp"
#include "tests/kernels/kernel_test.hpp"

namespace sketchscope::kernels {
namespace {

struct Shape {
  int tokens;
  int first;
  int heads;
  int kv_heads;
  int width;
};

/// The arrays of a random prompt.
class RandomPrompt {
 public:
  explicit RandomPrompt(const Shape& shape)
      : shape_(shape),
        query_(random_values(5, numbers(shape.tokens - shape.first, shape.heads), -2.0F, 2.0F)),
        key_(random_values(6, numbers(shape.tokens, shape.kv_heads), -2.0F, 2.0F)),
        value_(random_values(7, numbers(shape.tokens, shape.kv_heads), -2.0F, 2.0F)) {}

  [[nodiscard]] PromptAttention input() const {
    return {.tokens = shape_.tokens,
            .first = shape_.first,
            .heads = shape_.heads,
            .kv_heads = shape_.kv_heads,
            .head_width = shape_.width,
            .scale = 0.3F,
            .query = rows(query_, shape_.heads),
            .key = rows(key_, shape_.kv_heads),
            .value = rows(value_, shape_.kv_heads)};
  }
  [[nodiscard]] std::vector<float> output() const { return std::vector<float>(query_.size()); }
  /// Makes the keys and values from `token` on what no sum survives.
  void poison_from(int token) {
    for (std::vector<float>* array : {&key_, &value_}) {
      const auto first = static_cast<std::ptrdiff_t>(numbers(token, shape_.kv_heads));
      std::fill(array->begin() + first, array->end(), std::numeric_limits<float>::infinity());
    }
  }

 private:
  [[nodiscard]] std::size_t numbers(int tokens, int heads) const {
    return static_cast<std::size_t>(tokens) * static_cast<std::size_t>(heads * shape_.width);
  }
  [[nodiscard]] StridedRows rows(std::span<const float> numbers, int heads) const {
    const auto width = static_cast<std::size_t>(heads * shape_.width);
    return {.numbers = numbers, .width = width, .stride = width};
  }

  Shape shape_;
  std::vector<float> query_;
  std::vector<float> key_;
  std::vector<float> value_;
};

class PromptAttentionOfAllHeads : public ::testing::TestWithParam<cpu::InstructionSet> {
 protected:
  const cpu::KernelSet& kernels_ = cpu::kernels_for(GetParam());
};

TEST_P(PromptAttentionOfAllHeads, IsThatOfEachHeadWhateverTheThreads) {
  for (const Shape& shape : {Shape{203, 0, 3, 3, 16},
                             {203, 0, 6, 2, 33},
                             {150, 57, 9, 3, 5},
                             {97, 96, 4, 1, 8},
                             {40, 40, 2, 1, 8},
                             {0, 0, 2, 2, 8}}) {
    const RandomPrompt prompt(shape);
    const PromptAttention input = prompt.input();
    const auto tokens = static_cast<std::size_t>(shape.tokens);
    const auto heads = static_cast<std::size_t>(shape.heads);
    const std::size_t room = tokens + 3;  // of each head's mass
    std::vector<float> expected = prompt.output();
    std::vector<float> expected_mass(heads * room, 0.25F);
    for (std::size_t head = 0; head < heads; ++head) {
      prompt_attention(input, static_cast<int>(head), expected,
                       std::span(expected_mass).subspan(head * room, tokens), kernels_);
    }
    for (const int threads : {1, 2, 3, 8}) {
      SCOPED_TRACE(::testing::Message() << shape.tokens << " tokens on " << threads << " threads");
      ThreadPool pool(threads);
      std::vector<float> output = prompt.output();
      std::vector<float> mass(heads * room, 0.25F);
      prompt_attention(pool, input, output, mass, kernels_);
      EXPECT_TRUE(all_equal(output, expected));
      EXPECT_TRUE(all_equal(mass, expected_mass));
      std::ranges::fill(output, 0.0F);
      prompt_attention(pool, input, output, {}, kernels_);
      EXPECT_TRUE(all_equal(output, expected)) << "without masses";
    }
  }
}

TEST_P(PromptAttentionOfAllHeads, OfATokenIsUntouchedByWhatIsNotFiniteBehindIt) {
  const Shape shape{75, 0, 2, 1, 20};
  RandomPrompt prompt(shape);
  ThreadPool pool(2);
  std::vector<float> expected = prompt.output();
  prompt_attention(pool, prompt.input(), expected, {}, kernels_);
  for (int token = shape.tokens - 1; token > 0; --token) {
    prompt.poison_from(token);
    std::vector<float> output = prompt.output();
    prompt_attention(pool, prompt.input(), output, {}, kernels_);
    const auto before = static_cast<std::size_t>(token * shape.heads * shape.width);
    EXPECT_TRUE(all_equal(std::span(output).first(before), std::span(expected).first(before)))
        << "before token " << token;
  }
}

TEST_P(PromptAttentionOfAllHeads, RefusesMassesThatDoNotFit) {
  const RandomPrompt prompt({30, 0, 4, 2, 8});
  ThreadPool pool(1);
  std::vector<float> output = prompt.output();
  for (const std::size_t numbers : {std::size_t{1}, std::size_t{4 * 29}, std::size_t{4 * 30 + 1}}) {
    std::vector<float> mass(numbers);
    EXPECT_THROW(prompt_attention(pool, prompt.input(), output, mass, kernels_), KernelError);
  }
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, PromptAttentionOfAllHeads,
                         ::testing::ValuesIn(cpu::supported_instruction_sets()),
                         [](const auto& parameter) {
                           return std::string(cpu::name_of(parameter.param));
                         });

}  // namespace
}  // namespace sketchscope::kernels
