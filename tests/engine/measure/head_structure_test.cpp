#include "engine/measure/heads.hpp"

#include <gmock/gmock.h>

#include "engine/core/error.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

/// Queries and keys are 0, so that every position a query may see gets the same mass.
std::shared_ptr<const model::Model> model_without_preference() {
  auto checkpoint = support::make_tiny_checkpoint({});
  for (auto& [name, tensor] : checkpoint.tensors) {
    if (name.find("c_attn") == std::string::npos) continue;
    auto zeros = std::make_shared<std::vector<std::byte>>(tensor.bytes.size());
    tensor.bytes = *zeros;
    checkpoint.owners.push_back(std::move(zeros));
  }
  return std::make_shared<const model::Model>(support::TinyModelOptions{}.config, checkpoint,
                                              checkpoint::WeightDtype::f32);
}

double mean_of_reciprocals(int from, int to) {
  double sum = 0;
  for (int count = from; count <= to; ++count) sum += 1.0 / count;
  return sum / (to - from + 1);
}

TEST(RepeatedRandomTokens, SaysTheSameTwice) {
  const auto tokens = repeated_random_tokens(50, 260, 3);
  ASSERT_EQ(tokens.size(), 100u);
  EXPECT_TRUE(std::equal(tokens.begin(), tokens.begin() + 50, tokens.begin() + 50));
  EXPECT_NE(tokens, repeated_random_tokens(50, 260, 4));
}

TEST(HeadStructure, IsTheMeanOfOneOverCountWhereNothingIsPreferred) {
  const auto model = model_without_preference();
  const auto heads = measure_heads(
      model, {.texts = {{5, 9, 5, 7, 8, 3, 1}}, .repeated_tokens = 20, .repetitions = 2}, {});
  ASSERT_EQ(heads.size(), 4u);
  for (const auto& head : heads) {
    EXPECT_NEAR(head.sink.value(), mean_of_reciprocals(2, 7), 1e-6);
    EXPECT_NEAR(head.previous.value(), mean_of_reciprocals(2, 7), 1e-6);
    EXPECT_NEAR(head.induction.value(), mean_of_reciprocals(21, 40), 1e-6);
  }
  EXPECT_EQ(heads[3].layer, 1);
  EXPECT_EQ(heads[3].head, 1);
}

TEST(HeadStructure, NeverExceedsTheMassThereIs) {
  const auto model = support::make_tiny_model();
  const auto heads =
      measure_heads(model, {.texts = {{5, 9, 5, 7, 8, 3, 1, 200, 41}}, .repeated_tokens = 30}, {});
  for (const auto& head : heads) {
    EXPECT_GT(head.sink, 0);
    EXPECT_GT(head.induction, 0);
    EXPECT_LE(head.induction, 1);
    EXPECT_LE(head.sink.value() + head.previous.value(), 1 + 1.0 / 8)
        << "they are one position for query 1 alone";
  }
}

TEST(HeadStructure, RefusesATextBeyondTheContext) {
  const auto model = support::make_tiny_model();
  EXPECT_THROW(measure_heads(model, {.texts = {std::vector<int>(65, 1)}, .repetitions = 0}, {}),
               core::Error);
  EXPECT_THROW(measure_heads(model, {.repeated_tokens = 33}, {}), core::Error);
}

}  // namespace
}  // namespace sketchscope::measure
