#include "engine/measure/read_comparison.hpp"

#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/read/tail_summary.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

std::vector<int> random_tokens(int count) {
  core::SplitMix64 random(9);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(250)));
  return tokens;
}

settings::Knobs small_knobs() {
  settings::Knobs knobs;
  knobs.max_cache_size = 16;
  knobs.recent_window = 4;
  knobs.read_k = 8;
  return knobs;
}

TEST(CompareReads, GivesEachReadTheNumbersThatAnEvaluationGivesIt) {
  const auto model = support::make_tiny_model();
  const std::vector<int> tokens = random_tokens(100);
  const ReadComparison comparison =
      compare_reads(model, tokens, {.knobs = small_knobs(), .context = 50}, {}, {});
  // One read has a row for each of its aggregates.
  ASSERT_EQ(comparison.rows.size(), read::read_kinds().size() - 1 + read::aggregate_kinds().size());
  EXPECT_EQ(comparison.rows.front().read, "full");
  EXPECT_EQ(comparison.steps, 2 * (50 - 16));
  for (const ReadRow& row : comparison.rows) {
    settings::Knobs knobs = small_knobs();
    knobs.read = row.read;
    if (!row.aggregate.empty()) knobs.aggregate = row.aggregate;
    const Evaluation alone =
        evaluate(model, tokens, {.knobs = knobs, .context = 50, .lanes = 1}, {}, {});
    EXPECT_NEAR(row.nll, alone.nll, 1e-9) << row.read << ' ' << row.aggregate;
    // An evaluation's mean includes the steps before the first eviction.
    if (row.read == "topk") continue;
    EXPECT_NEAR(row.mean_output_error * 34 / 50,
                *alone.totals.figure<&record::LayerRecord::output_error>(), 1e-9)
        << row.read << ' ' << row.aggregate;
    EXPECT_EQ(row.tail_bytes, alone.totals.memory_peak().tail);
  }
}

TEST(CompareReads, LeavesOutWhatTheKnobsForbid) {
  settings::Knobs knobs = small_knobs();
  knobs.policy = "window";
  const ReadComparison comparison = compare_reads(support::make_tiny_model(), random_tokens(30),
                                                  {.knobs = knobs, .context = 30}, {}, {});
  for (const ReadRow& row : comparison.rows) EXPECT_NE(row.aggregate, "mass");
}

TEST(CompareReads, RefusesAPolicyThatNeverEvicts) {
  settings::Knobs knobs = small_knobs();
  knobs.policy = "full";
  EXPECT_THROW(
      compare_reads(support::make_tiny_model(), random_tokens(30), {.knobs = knobs}, {}, {}),
      core::UsageError);
}

}  // namespace
}  // namespace sketchscope::measure
