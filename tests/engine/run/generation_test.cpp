#include "engine/run/watched_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

std::vector<int> generated(const std::vector<int>& ends, bool stop_at_end_of_text) {
  support::TinyModelOptions tiny;
  tiny.config.ends_of_text = ends;
  return generate(support::make_tiny_model(tiny),
                  {.knobs = {.policy = "full"},
                   .prompt = {5, 6, 7},
                   .max_new_tokens = 12,
                   .stop_at_end_of_text = stop_at_end_of_text},
                  {}, {})
      .tokens;
}

TEST(Generation, StopsBeforeAnyOfTheTokensThatEndAText) {
  const std::vector<int> whole = generated({}, true);
  ASSERT_EQ(whole.size(), 12U);
  const auto first = std::ranges::find(whole, whole[4]);
  EXPECT_EQ(generated({259, whole[4]}, true), std::vector<int>(whole.begin(), first));
  EXPECT_EQ(generated({whole[4], 259}, true), std::vector<int>(whole.begin(), first));
  EXPECT_EQ(generated({259, whole[4]}, false), whole);
}

TEST(Generation, KeepsTheLayersOfItsLastStepWhereTheyAreAskedFor) {
  GenerationOptions options{
      .knobs = {.max_cache_size = 8}, .prompt = {5, 6, 7}, .max_new_tokens = 12, .twin = true};
  EXPECT_TRUE(generate(support::make_tiny_model(), options, {}, {}).layers.empty());
  options.keep_layers = true;
  const Generation kept = generate(support::make_tiny_model(), options, {}, {});
  ASSERT_FALSE(kept.layers.empty());
  for (const LayerState& layer : kept.layers) {
    EXPECT_EQ(layer.tables.at(0).positions.size(), 8U);
    EXPECT_EQ(layer.cells.size(), 4U * 512U);
    EXPECT_FALSE(layer.attention.empty());
    EXPECT_FALSE(layer.twin_attention.empty());
  }
}

}  // namespace
}  // namespace sketchscope::run
