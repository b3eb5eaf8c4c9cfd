// Several runs in one group, each equal to the same run alone.
#include "engine/run/run_group.hpp"

#include <gtest/gtest.h>

#include <array>

#include "engine/core/error.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using support::records;
using support::tokens;

constexpr int kSteps = 40;

class RunsOfAGroup : public ::testing::Test {
 protected:
  static RunOptions options_of(core::SplitMix64& random) {
    return {.knobs = support::random_knobs(random),
            .prompt = {1, 2, 3, 4, 5},
            .twin = true,
            .audit = true,
            .keyframe_interval = 4};
  }

  std::vector<int> tokens_alone(const RunOptions& options, std::size_t fed) {
    WatchedRun run(model_, options);
    while (run.lane().tokens().size() < fed) run.step();
    return {run.lane().tokens().begin(), run.lane().tokens().end()};
  }

  /// The contents of each place as far as its log shows them.
  [[nodiscard]] std::vector<std::vector<int>> fed() const {
    std::vector<std::vector<int>> all;
    for (const record::RecordLog& log : logs_) all.push_back(tokens(log));
    return all;
  }

  std::shared_ptr<const model::Model> model_ = support::make_tiny_model();
  std::array<record::RecordLog, 4> logs_;
  RunGroup group_{model_, logs_, {}};
};

TEST_F(RunsOfAGroup, FeedWhatEachWouldFeedAloneThoughPromptsGoInDifferently) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    core::SplitMix64 random(seed);
    std::vector<RunOptions> options;
    for (std::size_t place = 0; place < logs_.size(); ++place) {
      options.push_back(options_of(random));
    }
    group_.begin(options);
    for (int step = 0; step < kSteps; ++step) group_.step();
    ASSERT_EQ(group_.others().size(), logs_.size() - 1);
    for (std::size_t place = 0; place < logs_.size(); ++place) {
      const auto of_place = tokens(logs_[place]);
      ASSERT_EQ(of_place.size(), group_.front().fed()) << "all stand at one position";
      ASSERT_EQ(of_place, tokens_alone(options[place], of_place.size())) << "seed " << seed;
    }
  }
}

TEST_F(RunsOfAGroup, TakeTheTokensOfTheOneInFrontWhereTheyAreComparedOnTheSame) {
  core::SplitMix64 random(9);
  RunOptions options = options_of(random);
  options.knobs.temperature = 1.5;
  group_.compare(options, ComparedTokens::same);
  EXPECT_EQ(group_.tokens(), ComparedTokens::same);
  for (int step = 0; step < 10; ++step) group_.step();
  settings::Knobs other = group_.front().run->lane().knobs();
  other.seed += 1;
  group_.front().run->set_knobs(other);
  for (int step = 0; step < 20; ++step) group_.step();
  EXPECT_EQ(tokens(logs_[0]), tokens(logs_[1]));
}

TEST_F(RunsOfAGroup, StayAsTheyWereWhereOneOfTheNewIsRefused) {
  core::SplitMix64 random(10);
  const RunOptions good = options_of(random);
  RunOptions bad = good;
  bad.prompt.assign(1000, 7);
  group_.begin({good, good});
  for (int step = 0; step < 5; ++step) group_.step();
  const auto before = fed();
  EXPECT_THROW(group_.begin({good, good, bad}), core::Error);
  EXPECT_EQ(fed(), before);
  EXPECT_EQ(group_.number(), 1U);
  EXPECT_EQ(group_.others().size(), 1U);
  group_.step();
  EXPECT_EQ(tokens(logs_[0]).size(), before[0].size() + 1);
}

TEST_F(RunsOfAGroup, ChangePlacesWithTheirKnobsAndRecords) {
  core::SplitMix64 random(11);
  const RunOptions a = options_of(random);
  const RunOptions b = options_of(random);
  EXPECT_THROW(group_.swap(1), core::UsageError);
  group_.begin({a, b});
  for (int step = 0; step < 10; ++step) group_.step();
  const auto before = fed();
  group_.swap(1);
  EXPECT_EQ(fed()[0], before[1]);
  EXPECT_EQ(fed()[1], before[0]);
  EXPECT_EQ(group_.front().run->options().knobs, b.knobs);
  EXPECT_EQ(group_.front().wanted, b.knobs);
  EXPECT_EQ(group_.front().log, logs_.data()) << "who reads the first log sees the run in front";
}

TEST_F(RunsOfAGroup, EndLeavingTheirLogsEmptyAndTheOneInFrontAlone) {
  core::SplitMix64 random(12);
  group_.begin({options_of(random), options_of(random), options_of(random)});
  for (int step = 0; step < 5; ++step) group_.step();
  const auto in_front = fed()[0];
  group_.end_compare();
  EXPECT_EQ(fed(), (std::vector<std::vector<int>>{in_front, {}, {}, {}}));
  EXPECT_TRUE(group_.others().empty());
}

TEST_F(RunsOfAGroup, LeaveTheRunAsItIsBesideTheOneThatGoesBack) {
  core::SplitMix64 random(13);
  group_.begin({options_of(random), options_of(random), options_of(random)});
  for (int step = 0; step < 20; ++step) group_.step();
  const auto whole = records(logs_[0]);
  group_.continue_from(7);
  EXPECT_EQ(group_.front().run->steps(), 8);
  EXPECT_EQ(records(logs_[0]).size(), 8U);
  EXPECT_EQ(records(logs_[1]), whole);
  EXPECT_TRUE(records(logs_[2]).empty()) << "other runs are closed";
  EXPECT_EQ(group_.number(), 2U);
}

}  // namespace
}  // namespace sketchscope::run
