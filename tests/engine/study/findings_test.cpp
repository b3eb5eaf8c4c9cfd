#include "engine/study/findings.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/core/random.hpp"

namespace sketchscope {
namespace {

using ::testing::HasSubstr;

StudyRow row(const std::string& policy, double bytes, double kl) {
  return {.name = policy + std::to_string(bytes),
          .knobs = {.policy = policy},
          .figures = {{"memory.total_bytes", bytes},
                      {"memory.kv_bytes", bytes},
                      {"memory.kv_full_bytes", 1000},
                      {"evictions", 10},
                      {"logit_kl", kl}}};
}

const Claim& claim_about(const std::vector<Claim>& claims, const std::string& words) {
  return *std::ranges::find_if(
      claims, [&](const Claim& claim) { return claim.statement.find(words) != std::string::npos; });
}

TEST(Findings, FrontHoldsExactlyWhatNothingDominates) {
  SplitMix64 random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<StudyRow> rows;
    for (int i = 0; i < 30; ++i) {
      rows.push_back(row("tova", static_cast<double>(random.below(20)),
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

TEST(Findings, BestIsTheClosestPointThatFitsAndNoBaseline) {
  std::vector<StudyRow> rows = {row("tova", 10, 3), row("tova", 20, 2), row("full", 15, 0),
                                row("tova", 30, 1)};
  rows[2].baseline = "full";
  EXPECT_EQ(best_within(rows, "logit_kl", 25), 1U);
  EXPECT_EQ(best_within(rows, "logit_kl", 5), std::nullopt);
}

TEST(Findings, SayOfAClaimWhatTheFiguresSay) {
  std::vector<StudyRow> rows = {row("sketch", 300, 0.2), row("window", 290, 0.5)};
  rows[1].baseline = "window";
  EXPECT_EQ(claim_about(check_claims(rows), "most recent positions").verdict, Verdict::held);
  rows[1].figures["logit_kl"] = 0.1;
  const auto claims = check_claims(rows);
  const Claim& window = claim_about(claims, "most recent positions");
  EXPECT_EQ(window.verdict, Verdict::not_held);
  EXPECT_THAT(window.evidence, HasSubstr("0.2 against the window's 0.1"));
  EXPECT_EQ(claim_about(claims, "8 bits").verdict, Verdict::not_measured);
}

TEST(Findings, HoldPerplexityToItsIntervalNotToItsValueAlone) {
  std::vector<StudyRow> rows = {row("sketch", 300, 0.2)};
  rows[0].figures["perplexity_ratio"] = 1.01;
  rows[0].figures["perplexity_ratio_low"] = 0.97;
  rows[0].figures["perplexity_ratio_high"] = 1.04;
  EXPECT_EQ(claim_about(check_claims(rows), "within 5 %").verdict, Verdict::held);
  rows[0].figures["perplexity_ratio_high"] = 1.06;
  const auto claims = check_claims(rows);
  EXPECT_EQ(claim_about(claims, "within 5 %").verdict, Verdict::undecided);
  EXPECT_THAT(claim_about(claims, "within 5 %").evidence, HasSubstr("interval 0.97 to 1.06"));
  rows[0].figures["perplexity_ratio_low"] = 1.051;
  EXPECT_EQ(claim_about(check_claims(rows), "within 5 %").verdict, Verdict::not_held);
  rows[0].figures["memory.kv_bytes"] = 500;  // too large to be spoken of
  EXPECT_EQ(claim_about(check_claims(rows), "within 5 %").verdict, Verdict::not_measured);
}

/// A row with its logit KL in each of some texts, and their mean.
StudyRow row_over(const std::string& policy, const std::vector<double>& kl_by_text) {
  StudyRow made = row(policy, 300, 0);
  for (const double kl : kl_by_text) {
    made.texts.push_back({.steps = 10, .figures = {{"logit_kl", kl}}});
    made.figures["logit_kl"] += kl / static_cast<double>(kl_by_text.size());
  }
  return made;
}

TEST(Findings, PairTextsSoThatHardOnesDropOut) {
  // Texts differ far more from each other than both rows do in any of them.
  const StudyRow left = row_over("sketch", {0.1, 1.1, 5.1, 9.1});
  const StudyRow right = row_over("window", {0.2, 1.2, 5.2, 9.2});
  const std::vector<const StudyRow*> of_left = {&left}, of_right = {&right};
  const auto difference = difference_of(of_left, of_right, "logit_kl");
  ASSERT_TRUE(difference && difference->interval);
  EXPECT_NEAR(difference->value, -0.1, 1e-12);
  EXPECT_NEAR(difference->interval->low, -0.1, 1e-12);
  EXPECT_NEAR(difference->interval->high, -0.1, 1e-12);
  EXPECT_FALSE(difference_of(of_left, of_right, "attention_kl"));
}

TEST(Findings, LeaveAClaimOpenThatOtherTextsMightDecideOtherwise) {
  const auto verdict = [](const std::vector<double>& sketch, const std::vector<double>& window) {
    const std::vector<StudyRow> rows = {row_over("sketch", sketch), row_over("window", window)};
    return claim_about(check_claims(rows), "most recent positions");
  };
  EXPECT_EQ(verdict({0.1, 0.2, 0.3}, {0.4, 0.4, 0.4}).verdict, Verdict::held);
  EXPECT_EQ(verdict({0.5, 0.6, 0.7}, {0.4, 0.4, 0.4}).verdict, Verdict::not_held);
  const Claim open = verdict({0.1, 0.2, 0.7}, {0.4, 0.4, 0.4});
  EXPECT_EQ(open.verdict, Verdict::undecided);
  EXPECT_THAT(open.evidence, HasSubstr("95 % interval -0.3 to 0.3"));
}

TEST(Findings, JudgeByTheWholeIntervalWhereThereIsOne) {
  EXPECT_EQ(verdict_below(1, {.value = 0.5}), Verdict::held);
  EXPECT_EQ(verdict_below(1, {.value = 1}), Verdict::not_held);
  EXPECT_EQ(verdict_below(1, {.value = 0.5, .interval = {{0.4, 0.9}}}), Verdict::held);
  EXPECT_EQ(verdict_below(1, {.value = 0.5, .interval = {{0.4, 1.1}}}), Verdict::undecided);
  EXPECT_EQ(verdict_below(1, {.value = 1.5, .interval = {{1.0, 1.6}}}), Verdict::not_held);
}

}  // namespace
}  // namespace sketchscope
