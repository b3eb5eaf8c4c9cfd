// Any step of a run can be reached again, and gone on from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/run/live_state.hpp"
#include "engine/run/run_lookup.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

RunOptions options_of(core::SplitMix64& random) {
  std::vector<int> prompt(1 + random.below(20));
  for (int& token : prompt) token = static_cast<int>(random.below(260));
  return {.knobs = support::random_knobs(random),
          .prompt = std::move(prompt),
          .twin = true,
          .audit = true,
          .keep_attention = true,
          .keyframe_interval = 1 + static_cast<int>(random.below(9))};
}

/// The state of a lane on which later steps depend.
struct Standing {
  explicit Standing(const WatchedRun& run)
      : tokens(run.lane().tokens().begin(), run.lane().tokens().end()),
        logits(run.lane().logits().begin(), run.lane().logits().end()),
        next(run.next_token()) {
    for (const LayerState& layer : layer_states(run.lane(), run.twin())) {
      for (const TableState& table : layer.tables) {
        positions.push_back(table.positions);
        scores.push_back(table.scores);
        regret.push_back(table.regret);
      }
      cells.push_back(layer.cells);
    }
  }
  friend bool operator==(const Standing&, const Standing&) = default;

  std::vector<int> tokens;
  std::vector<float> logits;
  std::optional<int> next;
  std::vector<std::vector<int>> positions;
  std::vector<std::vector<float>> scores;
  std::vector<std::vector<float>> regret;
  std::vector<std::vector<float>> cells;
};

TEST(ThePast, IsReachedExactlyFromEveryStepWithoutChangingTheRun) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    core::SplitMix64 random(seed);
    WatchedRun run(support::make_tiny_model(), options_of(random));
    std::vector<Standing> stood = {Standing(run)};
    while (!run.at_context_end()) {
      if (random.below(5) == 0) {
        run.set_knobs(support::with_one_change(run.lane().knobs(), random));
      }
      run.step();
      stood.emplace_back(run);
    }
    for (int look = 0; look < 10; ++look) {
      const std::size_t back = random.below(stood.size());
      const auto fork = run.fork_at(static_cast<std::int64_t>(back));
      EXPECT_EQ(fork->steps(), static_cast<std::int64_t>(back));
      EXPECT_TRUE(Standing(*fork) == stood[back]) << "seed " << seed << " step " << back;
    }
    EXPECT_TRUE(Standing(run) == stood.back()) << "seed " << seed;
  }
}

TEST(ThePast, GoesOnAsTheRunDidWhereNothingIsTurned) {
  core::SplitMix64 random(3);
  WatchedRun run(support::make_tiny_model(), options_of(random));
  while (!run.at_context_end()) run.step();
  const auto fork = run.fork_at(run.steps() / 2);
  while (!fork->at_context_end()) fork->step();
  EXPECT_TRUE(Standing(*fork) == Standing(run));
}

TEST(ThePast, KeepsTokensThatWereGivenToTheRunInsteadOfDrawn) {
  core::SplitMix64 random(4);
  RunOptions options = options_of(random);
  WatchedRun run(support::make_tiny_model(), options);
  while (!run.at_context_end()) {
    run.step();
    run.take_token(static_cast<int>(random.below(260)));
  }
  const auto fork = run.fork_at(run.steps() - 1);
  const auto fed = fork->lane().tokens();
  EXPECT_TRUE(std::ranges::equal(fed, run.lane().tokens().first(fed.size())));
  run.rewind(run.steps() - 1);
  EXPECT_TRUE(std::ranges::equal(run.lane().tokens(), fed));
}

TEST(ThePast, IsRefusedWhereThereIsNone) {
  core::SplitMix64 random(5);
  RunOptions options = options_of(random);
  WatchedRun run(support::make_tiny_model(), options);
  run.step();
  EXPECT_ANY_THROW((void)run.fork_at(2));
  EXPECT_ANY_THROW((void)run.fork_at(-1));
  options.keyframe_interval = 0;
  WatchedRun without(support::make_tiny_model(), options);
  without.step();
  EXPECT_ANY_THROW((void)without.fork_at(0));
}

TEST(ThePast, GivesItsLanesBack) {
  core::SplitMix64 random(6);
  WatchedRun run(support::make_tiny_model(), options_of(random));
  while (!run.at_context_end()) run.step();
  for (int i = 0; i < 3; ++i) (void)run.fork_at(5);
  const std::size_t reserved = run.session().page_bytes_reserved();
  for (int i = 0; i < 40; ++i) (void)run.fork_at(run.steps() / 2);
  EXPECT_EQ(run.session().page_bytes_reserved(), reserved);
}

TEST(Keyframes, StayWithinTheirBudgetAndAreCoarserTheOlderTheyAre) {
  core::SplitMix64 random(7);
  RunOptions options = options_of(random);
  options.knobs = {.policy = "heavy-hitter", .max_cache_size = 16, .recent_window = 4};
  options.prompt = {1, 2, 3};
  options.keyframe_interval = 1;
  WatchedRun all(support::make_tiny_model(), options);
  while (!all.at_context_end()) all.step();
  ASSERT_EQ(all.keyframes().all().size(), static_cast<std::size_t>(all.steps()) + 1);

  options.keyframe_bytes = all.keyframes().bytes() / 4;
  WatchedRun thinned(support::make_tiny_model(), options);
  while (!thinned.at_context_end()) {
    thinned.step();
    ASSERT_LE(thinned.keyframes().bytes(), options.keyframe_bytes);
    ASSERT_EQ(thinned.keyframes().all().begin()->first, 0) << "the first stays";
    ASSERT_EQ(thinned.keyframes().all().rbegin()->first, thinned.steps()) << "and the newest";
  }
  std::vector<std::int64_t> kept;
  for (const auto& [steps, keyframe] : thinned.keyframes().all()) kept.push_back(steps);
  ASSERT_GT(kept.size(), 6U);
  const auto stride_after = [&](std::size_t index) { return kept[index + 1] - kept[index]; };
  EXPECT_GT(stride_after(0), stride_after(kept.size() - 2));
  const auto fork = thinned.fork_at(7);
  const auto exact = all.fork_at(7);
  EXPECT_TRUE(Standing(*fork) == Standing(*exact)) << "thinning costs steps, not exactness";
}

TEST(PositionTrace, HasTheScoresThatTheRunHadAtItsKeyframes) {
  core::SplitMix64 random(8);
  RunOptions options = options_of(random);
  options.knobs = {.policy = "sketch", .max_cache_size = 16, .recent_window = 4};
  options.prompt = {1, 2, 3, 4, 5, 6};
  options.keyframe_interval = 4;
  WatchedRun run(support::make_tiny_model(), options);
  constexpr int kPosition = 9;
  std::vector<std::vector<LayerState>> states;
  while (run.steps() < 50) {
    run.step();
    states.push_back(layer_states(run.lane()));
  }
  const PositionTrace trace = trace_position(run, kPosition);
  ASSERT_EQ(trace.tables.size(), 2U);
  ASSERT_GT(trace.steps.size(), 8U);
  EXPECT_EQ(trace.steps.back(), 49) << "now, too";
  int stored = 0;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const auto step = static_cast<std::size_t>(trace.steps[i]);
    for (const TableTrace& table : trace.tables) {
      const TableState& then = states[step][static_cast<std::size_t>(table.layer)].tables[0];
      EXPECT_EQ(static_cast<float>(table.exact[i]), then.exact_mass[kPosition]);
      EXPECT_EQ(static_cast<float>(table.regret[i]), then.regret[kPosition]);
      const auto slot = std::ranges::find(then.positions, kPosition) - then.positions.begin();
      const bool is_there = slot < std::ssize(then.positions);
      EXPECT_EQ(std::isnan(table.score[i]), !is_there);
      if (!is_there) continue;
      ++stored;
      EXPECT_EQ(static_cast<float>(table.score[i]), then.scores[static_cast<std::size_t>(slot)]);
    }
  }
  EXPECT_GT(stored, 0);
}

}  // namespace
}  // namespace sketchscope::run
