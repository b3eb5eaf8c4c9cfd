#include "engine/study/study_table.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/core/random.hpp"
#include "tests/support/study_rows.hpp"

namespace sketchscope::study {
namespace {

TEST(Findings, FrontHoldsExactlyWhatNothingDominates) {
  core::SplitMix64 random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<StudyRow> rows;
    for (int i = 0; i < 30; ++i) {
      rows.push_back(support::study_row("tova", static_cast<double>(random.below(20)),
                                        static_cast<double>(random.below(20))));
    }
    const auto front = pareto_front(rows, "logit_kl");
    const auto dominated = [&](const StudyRow& one) {
      return std::ranges::any_of(rows, [&](const StudyRow& other) {
        const double bytes = *total_bytes(other) - *total_bytes(one);
        const double kl = *other.figure("logit_kl") - *one.figure("logit_kl");
        return bytes <= 0 && kl <= 0 && (bytes < 0 || kl < 0);
      });
    };
    for (const std::size_t at : front) EXPECT_FALSE(dominated(rows[at]));
    for (const StudyRow& one : rows) {
      const bool on_front = std::ranges::any_of(front, [&](std::size_t at) {
        return total_bytes(rows[at]) == total_bytes(one) &&
               rows[at].figure("logit_kl") == one.figure("logit_kl");
      });
      EXPECT_EQ(on_front, !dominated(one));
    }
  }
}

TEST(Findings, PairTextsSoThatHardOnesDropOut) {
  // Texts differ far more from each other than both rows do in any of them.
  const StudyRow left = support::study_row_over("sketch", {0.1, 1.1, 5.1, 9.1});
  const StudyRow right = support::study_row_over("window", {0.2, 1.2, 5.2, 9.2});
  const std::vector<const StudyRow*> of_left = {&left}, of_right = {&right};
  const auto difference = difference_of(of_left, of_right, "logit_kl");
  ASSERT_TRUE(difference && difference->interval);
  EXPECT_NEAR(difference->value, -0.1, 1e-12);
  EXPECT_NEAR(difference->interval->low, -0.1, 1e-12);
  EXPECT_NEAR(difference->interval->high, -0.1, 1e-12);
  EXPECT_FALSE(difference_of(of_left, of_right, "attention_kl"));
}

}  // namespace
}  // namespace sketchscope::study
