// Holds the remembered attention to the masses that the lane itself knows of its last query.
#include "engine/run/attention_trail.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/run/live_state.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

// A code has 254 steps of the root of a mass, which is at most 1.
constexpr float kLargestError = 1.0F / 254;

class EveryBudget : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryBudget, RemembersTheMassOfEveryHeadAtEveryPosition) {
  settings::Knobs knobs;
  settings::set_knob(knobs, "policy", "heavy-hitter");
  settings::set_knob(knobs, "granularity", "head");
  settings::set_knob(knobs, "max_cache_size", "16");
  settings::set_knob(knobs, "recent_window", "4");
  settings::set_knob(knobs, "budget", GetParam());
  WatchedRun run(support::make_tiny_model(), {.knobs = knobs,
                                              .prompt = {1, 2, 3, 4, 5, 6, 7},
                                              .twin = true,
                                              .audit = true,
                                              .keep_attention = true});
  AttentionTrail trail;
  while (run.steps() < 40) {
    run.step();
    trail.note_step(run);
  }
  ASSERT_FALSE(trail.rows().empty());
  const AttentionRow& row = *trail.rows().back();
  const std::vector<LayerState> states = layer_states(run.lane(), run.twin());
  std::size_t at = 0;
  for (const LayerState& state : states) {
    ASSERT_EQ(state.attention.size(),
              static_cast<std::size_t>(row.heads) * static_cast<std::size_t>(row.positions));
    for (const float mass : state.attention) {
      const float remembered = attention_mass(row.lane[at++]);
      ASSERT_EQ(std::isnan(remembered), std::isnan(mass));
      if (!std::isnan(mass)) {
        ASSERT_NEAR(remembered, mass, kLargestError);
      }
    }
  }
  EXPECT_EQ(at, row.lane.size());
}

INSTANTIATE_TEST_SUITE_P(Budgets, EveryBudget, ::testing::Values("equal", "pyramid", "heads"),
                         [](const auto& budget) { return std::string(budget.param); });

}  // namespace
}  // namespace sketchscope::run
