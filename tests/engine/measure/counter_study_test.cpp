#include "engine/measure/counter_study.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/sketch/sketch.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

std::vector<std::vector<int>> texts(int count, int tokens) {
  core::SplitMix64 random(5);
  std::vector<std::vector<int>> texts(static_cast<std::size_t>(count));
  for (auto& text : texts) {
    for (int at = 0; at < tokens; ++at) text.push_back(static_cast<int>(random.below(260)));
  }
  return texts;
}

std::vector<CounterStudyRow> study(CounterStudyOptions options) {
  return study_counters(support::make_tiny_model(), options, {}, {});
}

TEST(CounterStudy, FindsExactCountersWithoutErrorWhereTheyFit) {
  for (const CounterStudyRow& row : study({.texts = texts(2, 40), .budgets = {65536}, .top = 8})) {
    if (row.counters != "exact") continue;
    EXPECT_NEAR(row.relative_error, 0, 1e-9) << row.key;
    EXPECT_EQ(row.top_found, 1);
    EXPECT_LE(row.exact_bytes, 65536);
  }
}

TEST(CounterStudy, CountsAsManyItemsAsTheKeySays) {
  std::map<std::string, double> items;
  const auto two_texts = texts(2, 40);
  std::set<int> tokens(two_texts[0].begin(), two_texts[0].end());
  tokens.insert(two_texts[1].begin(), two_texts[1].end());
  for (const CounterStudyRow& row : study({.texts = two_texts, .budgets = {64}})) {
    items[row.key] = row.items;
  }
  EXPECT_EQ(items.size(), 4U);
  EXPECT_EQ(items["position"], 40);
  EXPECT_EQ(items["head-position"], 80) << "two heads";
  EXPECT_EQ(items["token"], static_cast<double>(tokens.size()));
}

TEST(CounterStudy, ErrsLessWithMoreBytesWhateverCounts) {
  std::map<std::pair<std::string, std::string>, double> before;
  for (const CounterStudyRow& row :
       study({.texts = texts(1, 60), .budgets = {64, 512, 4096}, .top = 8})) {
    const auto place = std::pair(row.key, row.counters);
    if (before.contains(place)) {
      EXPECT_LE(row.relative_error, before[place] * 1.05) << row.key << " " << row.counters;
    }
    before[place] = row.relative_error;
  }
  EXPECT_EQ(before.size(), 4 * sketch::sketch_kinds().size());
}

TEST(CounterStudy, RefusesATextThatTheModelCannotHold) {
  EXPECT_THROW(study({.texts = texts(1, 65)}), core::Error);
  EXPECT_THROW(study({.texts = {{}}}), core::Error);
}

}  // namespace
}  // namespace sketchscope::measure
