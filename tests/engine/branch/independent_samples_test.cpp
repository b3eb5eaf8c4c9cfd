#include "engine/branch/samples.hpp"

#include <gmock/gmock.h>

#include "tests/support/tiny_model.hpp"

namespace sketchscope::branch {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::SizeIs;

BranchOptions sample_options() {
  return {.knobs = {.policy = "heavy-hitter",
                    .max_cache_size = 24,
                    .sinks = 2,
                    .recent_window = 4,
                    .temperature = 1},
          .prompt = {5, 9, 200, 31, 7, 7, 8, 90, 12, 41},
          .max_new_tokens = 30,
          .stop_at_end_of_text = false};
}

TEST(IndependentSamples, AreTheSameByEveryMethod) {
  const auto model = support::make_tiny_model();
  const auto draw = [&](SampleMethod method) {
    return draw_samples(model, sample_options(), method, 7, {}).tokens;
  };
  const auto sequential = draw(SampleMethod::sequential);
  EXPECT_THAT(sequential, AllOf(SizeIs(7), Each(SizeIs(30))));
  EXPECT_NE(sequential[0], sequential[1]);
  EXPECT_EQ(draw(SampleMethod::batched), sequential);
  EXPECT_EQ(draw(SampleMethod::prompt_shared), sequential);
}

TEST(IndependentSamples, CostEachItsPromptUnlessThatIsShared) {
  const auto model = support::make_tiny_model();
  const auto cost = [&](SampleMethod method) {
    return draw_samples(model, sample_options(), method, 7, {}).meter.cost();
  };
  for (const SampleMethod method : {SampleMethod::sequential, SampleMethod::batched}) {
    EXPECT_EQ(cost(method).prompt_tokens, 7 * 10);
    EXPECT_EQ(cost(method).path_steps, 7 * 29);
    EXPECT_EQ(cost(method).tokens_forwarded, 7 * (10 + 29));
  }
  const BranchCost shared = cost(SampleMethod::prompt_shared);
  EXPECT_EQ(shared.prompt_tokens, 10);
  EXPECT_EQ(shared.tokens_forwarded, 10 + 7 * 29);
  EXPECT_EQ(shared.tree_nodes, 10U + 7 * 29);
  EXPECT_EQ(cost(SampleMethod::sequential).tree_nodes, 39U);
  EXPECT_EQ(cost(SampleMethod::batched).tree_nodes, 7U * 39);
  // Two pages hold 24 slots, in each of two layers.
  EXPECT_EQ(cost(SampleMethod::sequential).kv_pages_peak, 4U);
  EXPECT_EQ(cost(SampleMethod::batched).kv_pages_peak, 7U * 4);
}

TEST(IndependentSamples, EndAtEndOfTextWhichTheyHold) {
  support::TinyModelOptions tiny;
  tiny.config.vocabulary = 2;
  tiny.config.ends_of_text = {1};
  BranchOptions options = sample_options();
  options.prompt = {0, 0};
  options.stop_at_end_of_text = true;
  const auto samples =
      draw_samples(support::make_tiny_model(tiny), options, SampleMethod::batched, 20, {});
  std::size_t ended = 0;
  for (const std::vector<int>& tokens : samples.tokens) {
    const auto end = std::ranges::find(tokens, 1);
    ended += end != tokens.end() ? 1 : 0;
    EXPECT_TRUE(end == tokens.end() ? tokens.size() == 30 : end == std::prev(tokens.end()));
  }
  EXPECT_GT(ended, 0U);
}

}  // namespace
}  // namespace sketchscope::branch
