#include "engine/measure/counterfactual.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/core/random.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/schedule/schedule.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

using decode::SparedBy;
using ::testing::HasSubstr;

std::vector<int> some_tokens(std::uint64_t seed, int count) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(260)));
  return tokens;
}

Counterfactuals measured(
    const settings::Knobs& knobs, std::span<const int> tokens, int count,
    const std::shared_ptr<const model::Model>& model = support::make_tiny_model()) {
  return measure_counterfactuals(model, tokens, {.knobs = knobs, .count = count}, {}, {});
}

// The NLL of the token after each token that is fed, of a lane with these options.
struct FedLane {
  std::vector<double> nll;
  std::vector<std::vector<int>> positions;  // of one table after each token, ascending
};
FedLane fed(decode::LaneOptions lane, std::span<const int> tokens, int layer = 0, int table = 0,
            const std::shared_ptr<const model::Model>& model = support::make_tiny_model()) {
  FedLane result;
  schedule::LaneGroup group = {{.lane = std::move(lane),
                                .passage = {.given = tokens},
                                .on_step = [&](const schedule::LaneStep& step) {
                                  if (step.nll) result.nll.push_back(*step.nll);
                                  const auto stored =
                                      step.lane().layer(layer).table(table).positions();
                                  result.positions.emplace_back(stored.begin(), stored.end());
                                  std::ranges::sort(result.positions.back());
                                }}};
  decode::Session session(model, 1);
  schedule::run_schedule(session, {.groups = {&group, 1}}, {});
  return result;
}

std::shared_ptr<const model::Model> one_layer_model() {
  support::TinyModelOptions options;
  options.config.layers = 1;
  return support::make_tiny_model(options);
}

// In a model of one layer under `window`, to spare the first position that leaves is to have one
// sink more, and to do so at nobody's cost is to have one slot more as well.
TEST(Counterfactual, OfTheFirstEvictionOfAWindowIsThatOfOneSinkMore) {
  const auto model = one_layer_model();
  const std::vector<int> tokens = some_tokens(5, 40);
  const settings::Knobs knobs{
      .policy = "window", .max_cache_size = 10, .sinks = 2, .recent_window = 4};
  settings::Knobs another_sink = knobs;
  another_sink.sinks = 3;
  settings::Knobs another_slot = another_sink;
  another_slot.max_cache_size = 11;
  const FedLane as_it_was = fed({.knobs = knobs}, tokens, 0, 0, model);
  const FedLane instead = fed({.knobs = another_sink}, tokens, 0, 0, model);
  const FedLane beside = fed({.knobs = another_slot}, tokens, 0, 0, model);

  const Counterfactuals result = measured(knobs, tokens, 1000, model);
  ASSERT_EQ(result.drawn.size(), 29U) << "one for each token but the last from the eleventh on";
  const DrawnEviction& first = result.drawn.front();
  ASSERT_EQ(first.token, 10);
  ASSERT_EQ(first.cost.eviction.position, 2);
  double largest = 0;
  for (std::size_t after = 0; after < 29; ++after) {
    const std::size_t at = 10 + after;
    EXPECT_NEAR(first.cost.run(SparedBy::next).changes[after], as_it_was.nll[at] - instead.nll[at],
                1e-5);
    EXPECT_NEAR(first.cost.run(SparedBy::extra).changes[after], as_it_was.nll[at] - beside.nll[at],
                1e-5);
    largest = std::max(largest, std::abs(as_it_was.nll[at] - beside.nll[at]));
  }
  EXPECT_GT(largest, 1e-3) << "so that there was something to compare";
}

// A position that is not read cannot be missed: `topk` reads the positions of highest score, which
// under `window` are the latest.
TEST(Counterfactual, IsNothingWhereThePositionWouldNotHaveBeenRead) {
  settings::Knobs knobs{.policy = "window", .max_cache_size = 16, .sinks = 2, .recent_window = 4};
  knobs.read = "topk";
  knobs.read_k = 6;
  const Counterfactuals unread = measured(knobs, some_tokens(6, 60), 40);
  ASSERT_EQ(unread.drawn.size(), 40U);
  for (const DrawnEviction& one : unread.drawn) {
    for (const SparedBy by : {SparedBy::next, SparedBy::extra}) {
      for (const double change : one.cost.run(by).changes) EXPECT_NEAR(change, 0, 1e-5);
    }
  }
  knobs.read = "full";
  double largest = 0;
  for (const DrawnEviction& one : measured(knobs, some_tokens(6, 60), 40).drawn) {
    largest = std::max(largest, std::abs(one.cost.run(SparedBy::extra).sum()));
  }
  EXPECT_GT(largest, 1e-3) << "while it is something where it would have been read";
}

class KeptPosition : public ::testing::TestWithParam<const char*> {};

TEST_P(KeptPosition, StaysInItsTableWhateverTheKnobs) {
  const auto model = support::make_tiny_model();
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    settings::Knobs knobs{
        .policy = GetParam(), .max_cache_size = 14, .sinks = 2, .recent_window = 5};
    knobs.granularity = seed % 2 == 0 ? settings::Granularity::layer : settings::Granularity::head;
    knobs.evict_batch = seed % 3 == 0 ? 4 : 1;
    if (seed % 4 == 1) knobs.budget = settings::BudgetKind::heads;
    const std::vector<int> tokens = some_tokens(seed, 50);
    for (const DrawnEviction& one : measured(knobs, tokens, 6, model).drawn) {
      const record::EvictionRecord& of = one.cost.eviction;
      const int table = of.head.value_or(0);
      const FedLane run = fed({.knobs = knobs}, tokens, of.layer, table, model);
      for (const SparedBy by : {SparedBy::next, SparedBy::extra}) {
        EXPECT_FALSE(one.cost.run(by).left_before);
        const FedLane kept = fed({.knobs = knobs, .spared = spared_position(of, by)}, tokens,
                                 of.layer, table, model);
        const auto at = static_cast<std::size_t>(one.token);
        for (std::size_t token = 0; token < tokens.size(); ++token) {
          const bool holds = std::ranges::binary_search(kept.positions[token], of.position);
          EXPECT_EQ(holds, static_cast<int>(token) >= of.position) << token;
          if (token >= at) continue;
          EXPECT_EQ(kept.positions[token], run.positions[token]) << token;
        }
        // One slot more is filled, or none.
        if (knobs.budget == settings::BudgetKind::heads) continue;
        EXPECT_EQ(kept.positions[at].size(),
                  run.positions[at].size() + (by == SparedBy::extra ? 1 : 0));
        EXPECT_LE(std::ssize(kept.positions.back()), 14 + (by == SparedBy::extra ? 1 : 0));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, KeptPosition,
                         ::testing::Values("window", "heavy-hitter", "sketch", "snapkv", "random"));

TEST(Counterfactual, LetsAPositionGoWhereNothingElseCanLeave) {
  // Three sinks and one more slot: whatever is in it has to make room for the next token.
  const settings::Knobs knobs{
      .policy = "heavy-hitter", .max_cache_size = 4, .sinks = 3, .recent_window = 1};
  for (const DrawnEviction& one : measured(knobs, some_tokens(8, 30), 10).drawn) {
    EXPECT_EQ(one.cost.run(SparedBy::next).left_before, 0U);
    EXPECT_EQ(one.cost.run(SparedBy::next).sum(), 0) << "the run as it was";
    EXPECT_FALSE(one.cost.run(SparedBy::extra).left_before);
  }
}

TEST(Counterfactual, RepeatsTheRunExactlyAndDependsOnNeitherLanesNorCount) {
  const auto model = support::make_tiny_model();
  const std::vector<int> tokens = some_tokens(9, 150);
  CounterfactualOptions options{
      .knobs = {.policy = "heavy-hitter", .max_cache_size = 12, .recent_window = 4},
      .count = 20,
      .context = 40};
  const Counterfactuals many = measure_counterfactuals(model, tokens, options, {}, {});
  EXPECT_TRUE(many.repeated_exactly);
  options.lanes = 3;
  options.threads = 2;
  const Counterfactuals few = measure_counterfactuals(model, tokens, options, {}, {});
  ASSERT_EQ(many.drawn.size(), 20U);
  for (std::size_t at = 0; at < many.drawn.size(); ++at) {
    EXPECT_EQ(many.drawn[at].cost.regret, few.drawn[at].cost.regret);
    EXPECT_EQ(many.drawn[at].cost.run(SparedBy::next).changes,
              few.drawn[at].cost.run(SparedBy::next).changes);
  }
  options.knobs.seed = 7;
  const Counterfactuals others = measure_counterfactuals(model, tokens, options, {}, {});
  const auto drawn = [](const Counterfactuals& all) {
    std::vector<std::pair<int, int>> places;
    for (const auto& one : all.drawn) places.emplace_back(one.token, one.cost.eviction.position);
    return places;
  };
  EXPECT_NE(drawn(many), drawn(others)) << "the seed draws";
}

TEST(Counterfactual, HasTheRegretThatTheAuditCountedAndSumsItsChanges) {
  const std::vector<int> tokens = some_tokens(10, 50);
  const settings::Knobs knobs{.policy = "tova", .max_cache_size = 12, .recent_window = 4};
  const Counterfactuals result = measured(knobs, tokens, 15);
  decode::Session session(support::make_tiny_model(), 1);
  const decode::LaneId lane = session.add_lane({.knobs = knobs, .audit = true});
  for (const int token : tokens) {
    const decode::LaneInput input{.lane = lane, .token = token};
    session.step({&input, 1});
  }
  for (const DrawnEviction& one : result.drawn) {
    const record::EvictionRecord& of = one.cost.eviction;
    const auto regret = session.lane(lane).layer(of.layer).table(0).regret();
    EXPECT_EQ(one.cost.regret, regret[static_cast<std::size_t>(of.position)]);
    const SparedRun& run = one.cost.run(SparedBy::extra);
    EXPECT_EQ(std::ssize(run.changes), 49 - one.token);
    EXPECT_EQ(run.sum(), std::accumulate(run.changes.begin(), run.changes.end(), 0.0));
  }
}

TEST(Counterfactual, IsRefusedByNameWhereNothingIsEvicted) {
  const auto message = [](const settings::Knobs& knobs) -> std::string {
    try {
      measured(knobs, some_tokens(3, 20), 5);
    } catch (const core::UsageError& error) {
      return error.what();
    }
    return "not refused";
  };
  EXPECT_THAT(message({.policy = "full"}), HasSubstr("policy 'full'"));
  EXPECT_THAT(message({.policy = "window", .max_cache_size = 20}), HasSubstr("capacity of 20"));
  settings::Knobs targeted{.policy = "window", .max_cache_size = 10, .recent_window = 2};
  targeted.target = settings::TargetKind::logit_kl;
  EXPECT_THAT(message(targeted), HasSubstr("target 'logit-kl'"));
}

}  // namespace
}  // namespace sketchscope::measure
