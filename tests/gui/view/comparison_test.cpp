#include "gui/view/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/core/random.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/running_comparison.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

using ::testing::ElementsAre;

History history_of(test::InventedRunOptions options, int steps) {
  test::InventedRun run(options);
  History history;
  for (int step = 0; step < steps; ++step) history.append(run.step());
  return history;
}

TEST(KnobDifferences, AreThoseThatDiffer) {
  EXPECT_TRUE(knob_differences({}, {}).empty());
  const auto found = knob_differences({.sinks = 4, .decay = 1}, {.sinks = 8, .decay = 0.5});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].knob, "sinks");
  EXPECT_EQ(found[0].a, "4");
  EXPECT_EQ(found[1].b, "0.5");
}

TEST(FirstDivergence, IsTheFirstPositionWithAnotherToken) {
  const History a = history_of({.seed = 1}, 60);
  EXPECT_FALSE(first_divergence(a, history_of({.seed = 1}, 40)));
  EXPECT_FALSE(first_divergence(a, History()));
  const History b = history_of({.seed = 2}, 60);
  const auto first = first_divergence(a, b);
  ASSERT_TRUE(first);
  for (int position = 0; position < *first; ++position) {
    const auto index = static_cast<std::size_t>(position);
    EXPECT_EQ(a.tokens()[index], b.tokens()[index]);
  }
  EXPECT_NE(a.tokens()[static_cast<std::size_t>(*first)],
            b.tokens()[static_cast<std::size_t>(*first)]);
}

TEST(ComparisonData, SaysOfEachPositionWhetherBothEvictedTheSame) {
  const History a = history_of({.seed = 1}, 200);
  test::InventedRun lower({.seed = 1});
  History b;
  for (int step = 0; step < 200; ++step) {
    if (step == 160) lower.set("max_cache_size", "64");
    b.append(lower.step());
  }
  const DataTable table = comparison_data(a, b);
  ASSERT_EQ(table.columns.back(), "same_evictions");
  const int first = *comparison_of(a, b).first_other_victims();
  for (const auto& row : table.rows) {
    if (std::stoi(row.front()) < first) {
      EXPECT_NE(row.back(), "0") << row.front();
    }
  }
  const auto& row = table.rows.at(static_cast<std::size_t>(first));
  EXPECT_EQ(row.back(), "0");
  EXPECT_EQ(row[6], std::to_string(b.at(b.fed_at(first))->evictions.size()));
}

TEST(DifferenceText, HasASignAndTheFiguresOwnUnit) {
  const auto three = [](double value) { return std::to_string(static_cast<int>(value)) + " u"; };
  EXPECT_EQ(difference_text({"f", 5, 2, three}), "+3 u");
  EXPECT_EQ(difference_text({"f", 2, 5, three}), "−3 u");
  EXPECT_EQ(difference_text({"f", 5, 5, three}), "0 u");
  EXPECT_EQ(difference_text({"f", 5, plot::kMissing, three}), plot::kAbsent);
  const auto share = [](double value) { return plot::format_percent(value, 1); };
  EXPECT_EQ(difference_text({"share", 0.9, 0.931, share}), "−3.1 pp")
      << "a difference of shares is in percentage points";
}

/// The length of a longest common subsequence, by trying.
std::size_t longest(std::span<const int> a, std::span<const int> b) {
  if (a.empty() || b.empty()) return 0;
  if (a[0] == b[0]) return 1 + longest(a.subspan(1), b.subspan(1));
  return std::max(longest(a.subspan(1), b), longest(a, b.subspan(1)));
}

TEST(TextDifference, MarksALongestCommonSubsequence) {
  core::SplitMix64 random(3);
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<int> a(random.below(9));
    std::vector<int> b(random.below(9));
    for (int& token : a) token = static_cast<int>(random.below(4));
    for (int& token : b) token = static_cast<int>(random.below(4));
    const TextDifference difference = text_difference(a, b);
    std::vector<int> common_a;
    std::vector<int> common_b;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (difference.a[i]) common_a.push_back(a[i]);
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
      if (difference.b[i]) common_b.push_back(b[i]);
    }
    EXPECT_EQ(common_a, common_b) << "trial " << trial;
    EXPECT_EQ(common_a.size(), longest(a, b)) << "trial " << trial;
  }
}

}  // namespace
}  // namespace sketchscope::view
