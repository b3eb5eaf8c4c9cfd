#include "engine/branch/branch_run.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "engine/core/error.hpp"
#include "engine/decode/sampler.hpp"
#include "tests/engine/branch/branch_fixture.hpp"
#include "tests/support/random_knobs.hpp"

namespace sketchscope::branch {
namespace {

using support::finish;
using support::options_for_a_test;
using support::random_tokens;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Everything that can differ about a path, as one value.
using Outcome = std::tuple<std::vector<int>, double, std::vector<int>>;
std::vector<Outcome> outcomes(const BranchRun& run) {
  std::vector<Outcome> all;
  for (const int id : run.paths_by_probability()) {
    all.emplace_back(run.tree().tokens_of(id), run.tree().leaf(id).log_probability,
                     run.tree().branch_positions_of(id));
  }
  return all;
}

TEST(BranchRun, GivesTheSameBitsOnSharedPagesAndOnCopies) {
  const auto model = support::make_tiny_model();
  core::SplitMix64 random(13);
  for (int trial = 0; trial < 40; ++trial) {
    BranchOptions options = options_for_a_test();
    options.knobs = support::random_knobs(random);
    options.knobs.temperature = 0.5 + random.uniform();
    options.knobs.max_cache_size = options.knobs.sinks + 1 + static_cast<int>(random.below(40));
    BranchRun shared(model, options, ForkPages::share);
    BranchRun copied(model, options, ForkPages::copy);
    finish(shared);
    finish(copied);
    EXPECT_EQ(outcomes(shared), outcomes(copied)) << support::describe(options.knobs);
    EXPECT_LE(shared.meter().cost().kv_pages_peak, copied.meter().cost().kv_pages_peak);
  }
}

TEST(BranchRun, GivesEachPathTheProbabilityThatItHasAlone) {
  const auto model = support::make_tiny_model();
  BranchOptions options = options_for_a_test();
  options.knobs = {.policy = "heavy-hitter",
                   .max_cache_size = 16,
                   .sinks = 2,
                   .recent_window = 4,
                   .temperature = 0.9,
                   .top_k = 40,
                   .top_p = 0.95,
                   .threshold = 0.4,
                   .max_paths = 6};
  BranchRun run(model, options);
  finish(run);
  for (const int id : run.paths_by_probability()) {
    decode::Session alone(model, 1);
    const decode::LaneId lane = alone.add_lane({.knobs = options.knobs});
    alone.prefill(lane, options.prompt);
    double log_probability = 0;
    for (const int token : run.tree().tokens_of(id)) {
      const auto chances = decode::filtered_distribution(
          alone.lane(lane).logits(), {.temperature = 0.9, .top_k = 40, .top_p = 0.95});
      const auto drawn = std::ranges::find(chances, token, &decode::TokenChance::token);
      ASSERT_NE(drawn, chances.end());
      log_probability += std::log(drawn->probability);
      alone.step(std::vector<decode::LaneInput>{{lane, token}});
    }
    EXPECT_EQ(log_probability, run.tree().leaf(id).log_probability);
  }
}

TEST(BranchRun, CountsAtThePassThePromptOnceAndEveryLivePathOncePerStep) {
  const auto model = support::make_tiny_model();
  for (const settings::Prefill prefill : {settings::Prefill::full, settings::Prefill::stream}) {
    BranchOptions options = options_for_a_test();
    options.knobs.prefill = prefill;
    BranchRun run(model, options);
    run.step();
    std::int64_t rows = 0;
    while (!run.finished()) {
      rows += std::ssize(run.live_lanes());
      run.step();
    }
    const BranchCost& cost = run.meter().cost();
    EXPECT_GT(rows, options.max_new_tokens);
    EXPECT_EQ(cost.prompt_tokens, 13);
    EXPECT_EQ(cost.path_steps, rows);
    EXPECT_EQ(cost.tokens_forwarded, 13 + rows);
    EXPECT_EQ(run.session().tokens_forwarded(), 13 + rows);
  }
}

TEST(BranchRun, KeepsTheLikeliestPathsAndNoMoreThanWereAskedFor) {
  const auto model = support::make_tiny_model();
  BranchOptions options = options_for_a_test();
  options.knobs.threshold = 0;
  options.knobs.max_paths = 5;
  options.stop_at_end_of_text = false;
  BranchRun run(model, options);
  while (!run.finished()) {
    run.step();
    EXPECT_LE(run.live_lanes().size(), 5U);
  }
  EXPECT_THAT(run.paths_by_probability(), SizeIs(5));
  std::set<std::vector<int>> texts;
  for (const int id : run.paths_by_probability()) texts.insert(run.tree().tokens_of(id));
  EXPECT_THAT(texts, SizeIs(5));
}

TEST(BranchRun, NeverForksWithAFactorOfOneOrRoomForOnePathOrAThresholdOfOne) {
  const auto model = support::make_tiny_model();
  for (const auto& [threshold, factor, paths] :
       {std::tuple{0.0, 1, 8}, std::tuple{0.0, 3, 1}, std::tuple{1.0, 3, 8}}) {
    BranchOptions options = options_for_a_test();
    options.knobs.threshold = threshold;
    options.knobs.branch_factor = factor;
    options.knobs.max_paths = paths;
    options.stop_at_end_of_text = false;
    BranchRun run(model, options);
    finish(run);
    ASSERT_EQ(outcomes(run).size(), 1U);
    EXPECT_THAT(run.tree().tokens_of(0), SizeIs(20));
    EXPECT_THAT(run.tree().branch_positions_of(0), IsEmpty());
    EXPECT_EQ(run.meter().cost().tokens_forwarded, 13 + 19);
  }
}

TEST(BranchRun, WithAFactorOfOneDrawsEachTokenFromTheWholeDistribution) {
  const auto model = support::make_tiny_model();
  BranchOptions options = options_for_a_test();
  options.knobs.branch_factor = 1;
  options.max_new_tokens = 1;
  std::set<int> first_tokens;
  for (options.knobs.seed = 0; options.knobs.seed < 50; ++options.knobs.seed) {
    BranchRun run(model, options);
    finish(run);
    first_tokens.insert(run.tree().tokens_of(0).at(0));
  }
  EXPECT_GT(first_tokens.size(), 5U);
}

TEST(BranchRun, OffersAllTokensThatTheFiltersLeaveWhereTheFactorIsLarger) {
  const auto model = support::make_tiny_model();
  BranchOptions options = options_for_a_test();
  options.knobs.threshold = 0;
  options.knobs.branch_factor = 50;
  options.knobs.top_k = 3;
  options.knobs.max_paths = 1024;
  options.max_new_tokens = 3;
  options.stop_at_end_of_text = false;
  BranchRun run(model, options);
  finish(run);
  EXPECT_THAT(run.paths_by_probability(), SizeIs(3 * 3 * 3));
}

TEST(BranchRun, SetsPathsAsideThatEndAndGivesTheirPagesBack) {
  // Every token is end-of-text's neighbour: two tokens, of which one ends a path.
  support::TinyModelOptions tiny;
  tiny.config.vocabulary = 2;
  tiny.config.ends_of_text = {1};
  const auto model = support::make_tiny_model(tiny);
  const BranchOptions options{
      .knobs = {.policy = "full", .temperature = 1, .threshold = 0, .branch_factor = 2},
      .prompt = {0, 0, 0},
      .max_new_tokens = 10};
  BranchRun run(model, options);
  finish(run);
  // After each token but the last a path either ends or goes on: 10 that ended and one that did
  // not.
  EXPECT_THAT(run.paths_by_probability(), SizeIs(11));
  double together = 0;
  for (const int id : run.paths_by_probability()) {
    together += std::exp(run.tree().leaf(id).log_probability);
  }
  EXPECT_NEAR(together, 1, 1e-9);
  EXPECT_EQ(run.meter().cost().path_steps, 9);  // never more than one live path
  EXPECT_EQ(run.session().pools().pages_in_use(), 0U);
}

TEST(BranchRun, IsOverWhenAllPathsEndAtOnce) {
  support::TinyModelOptions tiny;
  tiny.config.vocabulary = 1;
  tiny.config.ends_of_text = {0};
  BranchRun run(support::make_tiny_model(tiny),
                {.knobs = {.temperature = 1, .threshold = 0}, .prompt = {0}, .max_new_tokens = 10});
  run.step();
  EXPECT_TRUE(run.finished());
  EXPECT_EQ(run.tree().path(0).state, PathState::end_of_text);
  EXPECT_EQ(run.tree().leaf(0).log_probability, 0);
  EXPECT_EQ(run.session().pools().pages_in_use(), 0U);
}

TEST(BranchRun, EndsAtTheContextsEnd) {
  const auto model = support::make_tiny_model();  // 64 positions
  for (const int prompt : {62, 63, 64}) {
    BranchOptions options = options_for_a_test();
    options.prompt = random_tokens(4, prompt);
    options.stop_at_end_of_text = false;
    BranchRun run(model, options);
    finish(run);
    ASSERT_FALSE(run.paths_by_probability().empty());
    for (const int id : run.paths_by_probability()) {
      // The token after the last position is drawn, but there is no place to feed it.
      EXPECT_THAT(run.tree().tokens_of(id), SizeIs(static_cast<std::size_t>(65 - prompt)));
    }
  }
}

TEST(BranchRun, RefusesAPromptThatDoesNotFitAndOneWithoutTokens) {
  const auto model = support::make_tiny_model();
  for (const settings::Prefill prefill : {settings::Prefill::full, settings::Prefill::stream}) {
    for (const int length : {0, 65}) {
      BranchOptions options = options_for_a_test();
      options.knobs.prefill = prefill;
      options.prompt = random_tokens(4, length);
      BranchRun run(model, options);
      EXPECT_THROW(run.step(), core::Error) << core::name_of(prefill) << length;
    }
  }
}

TEST(BranchRun, ForksByHandAtAnyTokenOfAPathAsThoughItHadBeenDrawnThere) {
  const auto model = support::make_tiny_model();
  BranchOptions options = options_for_a_test();
  options.knobs.branch_factor = 1;
  options.stop_at_end_of_text = false;
  options.keep_prompt = true;
  BranchRun run(model, options);
  finish(run);
  const std::vector<int> before = run.tree().tokens_of(0);
  const int other = before.at(7) == 5 ? 6 : 5;
  const int forked = run.fork_by_hand(0, 7, other);
  EXPECT_FALSE(run.finished());
  finish(run);
  const std::vector<int> after = run.tree().tokens_of(forked);
  ASSERT_THAT(after, SizeIs(before.size()));
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + 7, after.begin()));
  EXPECT_EQ(after.at(7), other);
  EXPECT_EQ(run.tree().path(forked).parent, 0);
  EXPECT_THAT(run.tree().branch_positions_of(0), ElementsAre(13 + 7));
  EXPECT_EQ(run.meter().cost().tokens_forwarded, 13 + 19 + 19);
  EXPECT_THROW(run.fork_by_hand(0, 7, other), core::UsageError);
  EXPECT_THROW(run.fork_by_hand(0, 20, 5), core::UsageError);
  EXPECT_THROW(run.fork_by_hand(9, 0, 5), core::UsageError);
}

TEST(BranchRun, RefusesAGreedyChoice) {
  BranchOptions options = options_for_a_test();
  options.knobs.temperature = 0;
  EXPECT_THROW(BranchRun(support::make_tiny_model(), options), core::UsageError);
}

TEST(BranchRun, StoppedKeepsWhatItHasAndGivesAllPagesBack) {
  BranchRun run(support::make_tiny_model(), options_for_a_test());
  for (int i = 0; i < 5; ++i) run.step();
  const auto live = run.live_lanes().size();
  run.stop();
  EXPECT_TRUE(run.finished());
  EXPECT_GE(run.paths_by_probability().size(), live);
  EXPECT_EQ(run.session().pools().pages_in_use(), 0U);
}

TEST(BranchRun, GivesTheSamePathsWithAnyNumberOfThreads) {
  const auto model = support::make_tiny_model();
  BranchOptions options = options_for_a_test();
  BranchRun one(model, options);
  options.threads = 3;
  BranchRun three(model, options);
  finish(one);
  finish(three);
  EXPECT_EQ(outcomes(one), outcomes(three));
}

}  // namespace
}  // namespace sketchscope::branch
