#include "engine/study/study_pairs.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "engine/core/error.hpp"
#include "tests/support/study_rows.hpp"

namespace sketchscope::study {
namespace {

using ::testing::HasSubstr;

/// A row with the NLL of each of some texts of ten tokens.
StudyRow scored(const std::string& name, settings::Knobs knobs, const std::vector<double>& nll) {
  StudyRow row{.name = name, .knobs = knobs};
  for (const double of_text : nll) {
    row.texts.push_back(
        {.steps = 10, .figures = {{"nll", of_text}, {"tokens", 10}, {"logit_kl", of_text / 10}}});
  }
  return row;
}

TEST(StudyPairs, HaveTheRatioOfPerplexitiesPairedByText) {
  // Texts differ far more from each other than both rows do in any of them.
  const StudyRow row = scored("a", {}, {11, 31, 51, 91}), other = scored("b", {}, {10, 30, 50, 90});
  const auto ratio = perplexity_ratio(row, other);
  ASSERT_TRUE(ratio && ratio->interval);
  EXPECT_NEAR(ratio->value, std::exp(0.1), 1e-12);
  EXPECT_NEAR(ratio->interval->low, std::exp(0.1), 1e-12);
  EXPECT_NEAR(ratio->interval->high, std::exp(0.1), 1e-12);
  EXPECT_EQ(ratio->portions, 4U);
  const auto back = perplexity_ratio(other, row);
  EXPECT_NEAR(back->value * ratio->value, 1, 1e-12);
}

TEST(StudyPairs, HaveNoRatioWhereOtherTextsWereScored) {
  const StudyRow row = scored("a", {}, {11, 31});
  EXPECT_FALSE(perplexity_ratio(row, scored("b", {}, {11, 31, 51})));
  EXPECT_FALSE(perplexity_ratio(row, support::study_row_over("window", {0.1, 0.2})));
}

TEST(StudyPairs, AreWithTheReferenceThatSharesMostKnobs) {
  const std::vector<StudyRow> rows = {
      scored("window,64", {.policy = "window", .max_cache_size = 64}, {12}),
      scored("window,128", {.policy = "window", .max_cache_size = 128}, {11}),
      scored("tova,64", {.policy = "tova", .max_cache_size = 64}, {10}),
      scored("tova,128", {.policy = "tova", .max_cache_size = 128, .sinks = 8}, {9}),
      scored("full", {.policy = "full", .max_cache_size = 64}, {8})};
  const auto pairs = pairs_against(rows, "policy=window");
  ASSERT_EQ(pairs.size(), 3U) << "references are not paired";
  EXPECT_EQ(pairs[0].row->name, "tova,64");
  EXPECT_EQ(pairs[0].reference->name, "window,64");
  EXPECT_EQ(pairs[1].reference->name, "window,128") << "the capacity counts most";
  EXPECT_NEAR(pairs[1].perplexity_ratio->value, std::exp(-0.2), 1e-12);
  EXPECT_NEAR(pairs[1].logit_kl_difference->value, -0.2, 1e-12);
}

TEST(StudyPairs, AreAskedForByAConfigurationOrABaseline) {
  std::vector<StudyRow> rows = {scored("policy=tova,sinks=4", {.policy = "tova"}, {10}),
                                scored("policy=tova,sinks=0", {.policy = "tova", .sinks = 0}, {9}),
                                scored("baseline=full", {.policy = "full"}, {8})};
  rows.back().baseline = "full";
  EXPECT_EQ(pairs_against(rows, "policy=tova,sinks=4").size(), 2U);
  EXPECT_EQ(pairs_against(rows, "full").front().reference, &rows.back());
  EXPECT_EQ(pairs_against(rows, "sinks=0").front().reference, &rows[1]);
  for (const char* wrong : {"ful", "policy=window", "sink=0", ""}) {
    try {
      static_cast<void>(pairs_against(rows, wrong));
      ADD_FAILURE() << wrong;
    } catch (const core::UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("nearest")) << wrong;
    }
  }
}

}  // namespace
}  // namespace sketchscope::study
