// Comparison of two runs, and runs that stop by themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/record/step_record.hpp"
#include "engine/run/worker.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

using support::paused_worker;
using support::records;
using support::tiny_loaded_model;
using support::tokens;
using support::wait_for;

class TwoRuns : public ::testing::Test {
 protected:
  void settle() {
    ASSERT_TRUE(
        wait_for([&] { return worker_.idle() && worker_.state()->phase != RunPhase::running; }));
  }
  void step(int count) {
    worker_.send(command::Step{count});
    settle();
  }
  /// Everything but times and bytes of the process.
  static nlohmann::json facts(const record::StepRecord& record) {
    auto json = record::step_record_to_json(record);
    json.erase("times");
    json.erase("memory");
    return json;
  }

  Worker worker_{tiny_loaded_model(), paused_worker(), {}};
};

TEST_F(TwoRuns, BeginWithKnobsThatAreSetAllAtOnce) {
  // In the order of the table the sinks would not fit into the capacity for a moment.
  const settings::Knobs a{.policy = "tova",
                          .max_cache_size = 24,
                          .sinks = 14,
                          .granularity = settings::Granularity::head};
  const settings::Knobs b{.policy = "window", .max_cache_size = 8, .sinks = 2};
  worker_.send(command::SetKnobs{b});
  worker_.send(command::Compare{ComparedTokens::own});
  worker_.send(command::SetKnobs{a});
  worker_.send(command::Restart{"5 6 7"});
  step(30);
  EXPECT_EQ(worker_.state()->applied, a);
  EXPECT_EQ(worker_.state()->other()->applied, b);
  EXPECT_EQ(records(worker_.log()).front()->tokens.front(), 5);
  EXPECT_EQ(records(worker_.log(1)).front()->tokens.front(), 5);
  EXPECT_TRUE(worker_.take_notices().empty());
}

TEST_F(TwoRuns, AreTheSameRunWhileTheirKnobsAreTheSame) {
  step(5);
  worker_.send(command::Compare{ComparedTokens::own});
  step(30);
  const auto a = records(worker_.log());
  const auto b = records(worker_.log(1));
  ASSERT_EQ(a.size(), 30U) << "both begin again";
  ASSERT_EQ(b.size(), 30U);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(facts(*a[i]), facts(*b[i])) << i;
}

TEST_F(TwoRuns, EachMakeWhatTheyWouldMakeAlone) {
  worker_.send(command::Compare{ComparedTokens::own});
  worker_.send(command::SetKnob{"max_cache_size", "8"});
  step(40);
  const auto a = tokens(worker_.log());
  const auto b = tokens(worker_.log(1));
  Worker alone(tiny_loaded_model(), paused_worker(), {});
  alone.send(command::Step{40});
  ASSERT_TRUE(wait_for([&] { return tokens(alone.log()).size() >= 42; }));
  EXPECT_EQ(b, tokens(alone.log())) << "B keeps the knobs of before";
  ASSERT_EQ(a.size(), b.size()) << "locked position by position";
  ASSERT_TRUE(worker_.state()->other());
  EXPECT_EQ(worker_.state()->other()->applied.max_cache_size, 12);
  EXPECT_EQ(worker_.state()->applied.max_cache_size, 8);
}

TEST_F(TwoRuns, ChangePlaces) {
  worker_.send(command::Compare{ComparedTokens::own});
  worker_.send(command::SetKnob{"max_cache_size", "8"});
  step(25);
  const auto a = tokens(worker_.log());
  const auto b = tokens(worker_.log(1));
  worker_.send(command::Swap{});
  settle();
  EXPECT_EQ(tokens(worker_.log()), b);
  EXPECT_EQ(tokens(worker_.log(1)), a);
  EXPECT_EQ(worker_.state()->applied.max_cache_size, 12);
  worker_.send(command::SetKnob{"max_cache_size", "10"});
  step(10);
  EXPECT_EQ(worker_.state()->applied.max_cache_size, 10) << "knobs change the one in front";
  EXPECT_EQ(worker_.state()->other()->applied.max_cache_size, 8);
  EXPECT_EQ(tokens(worker_.log()).size(), tokens(worker_.log(1)).size());
}

TEST_F(TwoRuns, HoldEachItsOwnTarget) {
  worker_.send(command::Compare{ComparedTokens::own});
  worker_.send(command::SetKnob{"target_value", "0.99"});
  worker_.send(command::SetKnob{"target", "retained-mass"});
  step(50);
  const auto decisions = [](const record::RecordLog& log) {
    int count = 0;
    for (const auto& record : records(log)) {
      for (const record::KnobChange& change : record->changes) {
        count += change.note.find("target retained-mass 0.99") != std::string::npos ? 1 : 0;
      }
    }
    return count;
  };
  EXPECT_GT(decisions(worker_.log()), 0);
  EXPECT_GT(worker_.state()->applied.max_cache_size, 12);
  EXPECT_EQ(decisions(worker_.log(1)), 0);
  EXPECT_EQ(worker_.state()->other()->applied.max_cache_size, 12) << "B was given none";

  WorkerOptions held = paused_worker();
  held.knobs.target = settings::TargetKind::retained_mass;
  held.knobs.target_value = 0.99;
  Worker alone(tiny_loaded_model(), held, {});
  alone.send(command::Step{50});
  ASSERT_TRUE(wait_for([&] { return records(alone.log()).size() >= 50; }));
  EXPECT_EQ(tokens(worker_.log()), tokens(alone.log()));
  EXPECT_EQ(decisions(worker_.log()), decisions(alone.log()));
}

TEST_F(TwoRuns, BeginAgainTogetherAndEndTogether) {
  worker_.send(command::Compare{ComparedTokens::own});
  worker_.send(command::SetKnob{"max_cache_size", "8"});
  step(5);
  worker_.send(command::Restart{"4 5"});
  step(3);
  EXPECT_EQ(tokens(worker_.log(1))[0], 4);
  EXPECT_EQ(worker_.state()->other()->applied.max_cache_size, 12);
  worker_.send(command::SetTwin{false});
  settle();
  EXPECT_FALSE(records(worker_.log(1)).back()->logit_kl) << "what is measured changes in both";
  EXPECT_EQ(tokens(worker_.log(1)).size(), tokens(worker_.log()).size());
  worker_.send(command::EndCompare{});
  settle();
  EXPECT_FALSE(worker_.state()->other());
  EXPECT_TRUE(records(worker_.log(1)).empty());
}

TEST_F(TwoRuns, CannotChangePlacesWhereThereIsOne) {
  worker_.send(command::Swap{});
  settle();
  const auto notices = worker_.take_notices();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_THAT(notices[0].text, HasSubstr("no run is compared"));
}

TEST_F(TwoRuns, StopAtTheFirstEviction) {
  worker_.send(command::RunUntil{{Breakpoint::Kind::eviction}});
  settle();
  const auto all = records(worker_.log());
  EXPECT_FALSE(all.back()->evictions.empty());
  for (std::size_t i = 0; i + 1 < all.size(); ++i) EXPECT_TRUE(all[i]->evictions.empty()) << i;
  EXPECT_THAT(worker_.state()->stopped, HasSubstr("left layer"));
  EXPECT_FALSE(worker_.state()->until);
}

TEST_F(TwoRuns, StopAtAStepAndForgetItWhenPaused) {
  worker_.send(command::RunUntil{{Breakpoint::Kind::step, 20}});
  settle();
  EXPECT_EQ(records(worker_.log()).size(), 21U);
  worker_.send(command::RunUntil{{Breakpoint::Kind::step, 1000}});
  worker_.send(command::Pause{});
  settle();
  EXPECT_FALSE(worker_.state()->until);
  EXPECT_EQ(worker_.state()->stopped, "");
}

}  // namespace
}  // namespace sketchscope::run
