#include "engine/run/eviction_replay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/error.hpp"
#include "engine/run/worker.hpp"
#include "kernels/distribution.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using decode::SparedBy;
using ::testing::HasSubstr;

struct MadeRun {
  std::unique_ptr<WatchedRun> run;
  std::vector<record::StepRecord> records;
};

// A run to the end of the context, whose knobs are turned on the way.
MadeRun random_run(core::SplitMix64& random) {
  RunOptions options{.knobs = support::random_knobs(random),
                     .twin = true,
                     .audit = true,
                     .keyframe_interval = 1 + static_cast<int>(random.below(9))};
  options.prompt.resize(1 + random.below(20));
  for (int& token : options.prompt) token = static_cast<int>(random.below(260));
  MadeRun made{.run = std::make_unique<WatchedRun>(support::make_tiny_model(), options),
               .records = {}};
  while (!made.run->at_context_end()) {
    if (random.below(12) == 0)
      made.run->set_knobs(support::with_one_change(made.run->lane().knobs(), random));
    made.records.push_back(made.run->step());
  }
  return made;
}

EvictionInquiry replayed(const WatchedRun& run, std::int64_t step,
                         const record::EvictionRecord& eviction) {
  EvictionReplay replay(run, step, eviction);
  while (!replay.finished()) replay.advance();
  return replay.inquiry();
}

TEST(EvictionReplay, RepeatsAnyRunExactlyAndLeavesItAsItWas) {
  int repeated = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    const MadeRun made = random_run(random);
    const std::vector<float> logits(made.run->lane().logits().begin(),
                                    made.run->lane().logits().end());
    for (const record::StepRecord& record : made.records) {
      if (record.evictions.empty() || random.below(8) != 0) continue;
      const auto& eviction = record.evictions[random.below(record.evictions.size())];
      const EvictionInquiry inquiry = replayed(*made.run, record.step, eviction);
      EXPECT_EQ(inquiry.repeated_exactly, true);
      EXPECT_EQ(inquiry.done, 1);
      EXPECT_EQ(inquiry.until, made.run->steps());
      const auto followed =
          made.run->lane().tokens().size() - static_cast<std::size_t>(record.position) - 1;
      for (const measure::SparedRun& run : inquiry.cost.runs)
        EXPECT_EQ(run.changes.size(), followed);
      ++repeated;
    }
    EXPECT_TRUE(std::ranges::equal(made.run->lane().logits(), logits));
  }
  EXPECT_GT(repeated, 20);
}

TEST(EvictionReplay, FindsWhatAMeasurementOfTheSameTokensFinds) {
  const settings::Knobs knobs{.policy = "heavy-hitter",
                              .max_cache_size = 12,
                              .recent_window = 4,
                              .prefill = settings::Prefill::stream};
  const auto model = support::make_tiny_model();
  core::SplitMix64 random(4);
  std::vector<int> tokens(50);
  for (int& token : tokens) token = static_cast<int>(random.below(260));
  WatchedRun run(model, {.knobs = knobs, .prompt = tokens, .audit = true, .keyframe_interval = 16});
  std::vector<record::StepRecord> records;
  while (run.prompt_pending()) records.push_back(run.step());
  const measure::Counterfactuals measured =
      measure::measure_counterfactuals(model, tokens, {.knobs = knobs, .count = 10}, {}, {});
  for (const measure::DrawnEviction& one : measured.drawn) {
    const EvictionInquiry inquiry = replayed(run, one.token, one.cost.eviction);
    EXPECT_EQ(inquiry.cost.regret, one.cost.regret);
    for (const SparedBy by : {SparedBy::next, SparedBy::extra}) {
      const auto& expected = one.cost.run(by).changes;
      const auto& found = inquiry.cost.run(by).changes;
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t at = 0; at < found.size(); ++at) EXPECT_NEAR(found[at], expected[at], 1e-9);
    }
  }
}

TEST(EvictionReplay, KeepsThePositionOfAPromptThatWasCut) {
  const settings::Knobs knobs{.policy = "key-norm",
                              .max_cache_size = 12,
                              .recent_window = 4,
                              .prefill = settings::Prefill::full};
  std::vector<int> prompt(30, 7);
  for (std::size_t at = 0; at < prompt.size(); ++at) prompt[at] = static_cast<int>(at * 8);
  WatchedRun run(support::make_tiny_model(),
                 {.knobs = knobs, .prompt = prompt, .audit = true, .keyframe_interval = 16});
  const record::StepRecord cut = run.step();
  ASSERT_EQ(cut.evictions.size(), 2U * 18);
  for (int step = 0; step < 8; ++step) run.step();
  const EvictionInquiry inquiry = replayed(run, 0, cut.evictions.back());
  EXPECT_EQ(inquiry.repeated_exactly, true);
  EXPECT_EQ(inquiry.cost.run(SparedBy::extra).changes.size(), 8U);
  EXPECT_GT(std::abs(inquiry.cost.run(SparedBy::extra).sum()), 1e-6);
  EXPECT_FALSE(inquiry.cost.run(SparedBy::next).left_before);
}

class AskedCost : public ::testing::Test {
 protected:
  void send(Command command) {
    worker_.send(std::move(command));
    ASSERT_TRUE(support::wait_for([&] {
      const auto cost = worker_.state()->cost;
      return worker_.idle() && worker_.state()->phase != RunPhase::running &&
             (!cost || cost->repeated_exactly);
    }));
  }

  Worker worker_{support::tiny_loaded_model(), support::paused_worker(), {}};
};

TEST_F(AskedCost, IsPublishedWhileTheRunStandsStillAndForgottenWithTheRun) {
  send(command::Step{40});
  const auto records = support::records(worker_.log());
  const record::EvictionRecord& eviction = records[20]->evictions.front();
  send(command::AskCost{.step = 20, .layer = eviction.layer, .position = eviction.position});
  const auto cost = worker_.state()->cost;
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->step, 20);
  EXPECT_EQ(cost->cost.eviction.position, eviction.position);
  EXPECT_EQ(cost->repeated_exactly, true);
  send(command::Step{5});
  EXPECT_EQ(worker_.state()->cost, cost) << "it stays while the run goes on";
  EXPECT_EQ(worker_.state()->steps, 45);
  send(command::Restart{});
  EXPECT_FALSE(worker_.state()->cost);
}

TEST_F(AskedCost, IsRefusedForWhatWasNotEvicted) {
  send(command::Step{20});
  send(command::AskCost{.step = 3, .layer = 0, .position = 1});
  EXPECT_THAT(worker_.take_notices().back().text, HasSubstr("eviction whose cost is asked for"));
  EXPECT_FALSE(worker_.state()->cost);
}

}  // namespace
}  // namespace sketchscope::run
