#include "engine/run/worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "engine/core/random.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using namespace std::chrono_literals;

using support::paused_worker;
using support::tiny_loaded_model;
using support::wait_for;

std::size_t steps_in(const Worker& worker) {
  return worker.log().read(0, 0).records.size();
}

TEST(Worker, MakesAsManyStepsAsItIsAskedFor) {
  Worker worker(tiny_loaded_model(), paused_worker(), {});
  worker.send(command::Step{.count = 5});
  EXPECT_TRUE(wait_for([&] { return steps_in(worker) == 5; }));
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(steps_in(worker), 5U);
  EXPECT_TRUE(wait_for([&] { return worker.state()->phase == RunPhase::paused; }));
}

TEST(Worker, RunsToTheContextsEndAndSaysSo) {
  auto options = paused_worker();
  options.running = true;
  Worker worker(tiny_loaded_model(), options, {});
  EXPECT_TRUE(wait_for([&] { return worker.state()->phase == RunPhase::at_context_end; }));
  // The prompt of three tokens is one step, each other token another.
  EXPECT_EQ(steps_in(worker), 62U);
  worker.send(command::Restart{});
  EXPECT_TRUE(wait_for([&] { return worker.state()->run == 2; }));
}

TEST(Worker, PutsAKnobInForceAtTheVeryNextStepAndRecordsIt) {
  Worker worker(tiny_loaded_model(), paused_worker(), {});
  worker.send(command::Step{.count = 20});
  ASSERT_TRUE(wait_for([&] { return steps_in(worker) == 20; }));
  worker.send(command::SetKnob{"max_cache_size", "6"}, "max_cache_size");
  worker.send(command::Step{.count = 1});
  ASSERT_TRUE(wait_for([&] { return steps_in(worker) == 21; }));
  const record::StepRecord record = *worker.log().read(0, 0).records.back();
  ASSERT_EQ(record.changes.size(), 1U);
  EXPECT_EQ(record.changes[0].knob, "max_cache_size");
  EXPECT_EQ(record.changes[0].from, "12");
  EXPECT_EQ(record.changes[0].to, "6");
  for (const record::LayerRecord& layer : record.layers) EXPECT_LE(layer.stored, 6);
  EXPECT_EQ(worker.state()->applied_at.at("max_cache_size"), 20);
}

TEST(Worker, TurnsEveryKnobThreeHundredTimesWithoutAWrongRecordOrADroppedCommand) {
  auto options = paused_worker();
  options.running = true;
  Worker worker(tiny_loaded_model(), options, {});
  core::SplitMix64 random(4);
  settings::Knobs wanted = options.knobs;
  int turned = 0;
  while (turned < 300) {
    const settings::Knobs next = support::with_one_change(wanted, random);
    if (next.policy->evicts && next.max_cache_size <= next.sinks) continue;
    for (const settings::KnobInfo& knob : settings::knob_table()) {
      if (settings::knob_text(next, knob) == settings::knob_text(wanted, knob)) continue;
      worker.send(command::SetKnob{std::string(knob.name), settings::knob_text(next, knob)});
    }
    wanted = next;
    ++turned;
    if (turned % 3 == 0) std::this_thread::sleep_for(1ms);
    if (worker.state()->phase == RunPhase::at_context_end) worker.send(command::Restart{});
  }
  ASSERT_TRUE(wait_for([&] { return worker.idle(); }));
  EXPECT_THAT(worker.take_notices(), ::testing::IsEmpty());
  worker.send(command::Restart{});
  worker.send(command::Step{.count = 1});
  ASSERT_TRUE(wait_for([&] { return worker.idle() && worker.state()->steps == 1; }));
  EXPECT_EQ(worker.state()->applied, wanted);
}

TEST(Worker, KeepsGoingAfterARefusedCommandAndSaysWhy) {
  Worker worker(tiny_loaded_model(), paused_worker(), {});
  worker.send(command::SetKnob{"max_cache_size", "2"});
  worker.send(command::SetKnob{"no_such_knob", "2"});
  worker.send(command::Restart{.prompt = "not a number"});
  worker.send(command::Step{.count = 1});
  ASSERT_TRUE(wait_for([&] { return steps_in(worker) == 1; }));
  const auto notices = worker.take_notices();
  ASSERT_EQ(notices.size(), 3U);
  EXPECT_THAT(notices[0].text, ::testing::HasSubstr("sinks"));
  EXPECT_THAT(notices[1].text, ::testing::HasSubstr("no_such_knob"));
  EXPECT_THAT(notices[2].text, ::testing::HasSubstr("not"));
  EXPECT_EQ(worker.state()->wanted.max_cache_size, 12);
}

TEST(Worker, SurvivesAPromptThatIsTooLongForTheContext) {
  auto options = paused_worker();
  options.prompt.clear();
  for (int i = 0; i < 100; ++i) options.prompt += "7 ";
  Worker worker(tiny_loaded_model(), options, {});
  ASSERT_TRUE(wait_for([&] { return worker.state()->phase == RunPhase::failed; }));
  EXPECT_THAT(worker.take_notices().front().text, ::testing::HasSubstr("longer than"));
  worker.send(command::Restart{.prompt = "1 2"});
  worker.send(command::Step{.count = 2});
  EXPECT_TRUE(wait_for([&] { return steps_in(worker) == 2; }));
}

TEST(Worker, RebuildsTheRunExactlyUnderTheKnobsNowInForce) {
  Worker worker(tiny_loaded_model(), paused_worker(), {});
  worker.send(command::Step{.count = 20});
  worker.send(command::SetKnob{"sketch_width", "64"});
  worker.send(command::Step{.count = 10});
  ASSERT_TRUE(wait_for(
      [&] { return steps_in(worker) == 30 && worker.idle() && worker.state()->steps == 30; }));
  const auto before = worker.log().read(0, 0);
  EXPECT_TRUE(worker.state()->layers[0].approximate);

  worker.send(command::RebuildExactly{});
  ASSERT_TRUE(wait_for([&] {
    return worker.idle() && worker.log().read(0, 0).generation != before.generation &&
           steps_in(worker) == 30 && worker.state()->steps == 30;
  }));
  EXPECT_FALSE(worker.state()->layers[0].approximate);
  const auto after = worker.log().read(0, 0);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(after.records[i]->tokens, before.records[i]->tokens);
    EXPECT_TRUE(after.records[i]->changes.empty());
  }
}

TEST(Worker, WakesTheFrameLoopForEveryStep) {
  std::atomic<int> woken = 0;
  Worker worker(tiny_loaded_model(), paused_worker(), [&] { ++woken; });
  worker.send(command::Step{.count = 10});
  ASSERT_TRUE(wait_for([&] { return steps_in(worker) == 10; }));
  EXPECT_TRUE(wait_for([&] { return woken >= 11; }));
}

}  // namespace
}  // namespace sketchscope::run
