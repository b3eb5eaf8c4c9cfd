#include "gui/report/study_report.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/study_rows.hpp"

namespace sketchscope::report {
namespace {

using ::testing::HasSubstr;

const Claim& claim_about(const std::vector<Claim>& claims, const std::string& words) {
  return *std::ranges::find_if(
      claims, [&](const Claim& claim) { return claim.statement.find(words) != std::string::npos; });
}

TEST(Claims, SayOfAClaimWhatTheFiguresSay) {
  std::vector<study::StudyRow> rows = {support::study_row_over("sketch", {0.2, 0.2}),
                                       support::study_row_over("window", {0.5, 0.5})};
  rows[1].baseline = "window";
  EXPECT_EQ(claim_about(check_claims(rows), "most recent positions").verdict, Verdict::held);
  rows[1] = support::study_row_over("window", {0.1, 0.1});
  rows[1].baseline = "window";
  const auto claims = check_claims(rows);
  const Claim& window = claim_about(claims, "most recent positions");
  EXPECT_EQ(window.verdict, Verdict::not_held);
  EXPECT_THAT(window.evidence, HasSubstr("0.2 against the window's 0.1"));
  EXPECT_EQ(claim_about(claims, "8 bits").verdict, Verdict::not_measured);
}

TEST(Claims, HaveNoVerdictWithoutAnInterval) {
  std::vector<study::StudyRow> rows = {support::study_row("sketch", 300, 0.2),
                                       support::study_row("window", 290, 0.5)};
  rows[1].baseline = "window";
  rows[0].figures["perplexity_ratio"] = 0.9281;
  rows[0].figures["attention_kl"] = 0.01;
  rows[0].figures["estimates.within_bound"] = 1;
  rows[0].figures["timing.own_policy_ms"] = 1;
  rows[0].figures["timing.linear_ms"] = 50;
  rows[0].figures["timing.attention_ms"] = 50;
  const auto claims = check_claims(rows);
  for (const char* words : {"within 5 %", "KL divergence below 0.1", "most recent positions",
                            "sketch's bound", "a tenth of a token's time"}) {
    EXPECT_EQ(claim_about(claims, words).verdict, Verdict::no_interval) << words;
  }
  for (const Claim& claim : claims) {
    EXPECT_NE(claim.verdict, Verdict::held) << claim.statement;
    EXPECT_NE(claim.verdict, Verdict::not_held) << claim.statement;
  }
}

TEST(Claims, JudgeTheBoundByTheTextsAndTheTimeByTheConfigurations) {
  std::vector<study::StudyRow> rows = {support::study_row_over("sketch", {0.2, 0.3}),
                                       support::study_row_over("sketch", {0.2, 0.3})};
  for (study::StudyRow& row : rows) {
    row.figures["estimates.within_bound"] = 0.99;
    for (study::StudyText& text : row.texts) text.figures["within_bound"] = 0.99;
    row.figures["timing.own_policy_ms"] = 20;
    row.figures["timing.linear_ms"] = 50;
    row.figures["timing.attention_ms"] = 30;
  }
  const auto claims = check_claims(rows);
  EXPECT_EQ(claim_about(claims, "sketch's bound").verdict, Verdict::held) << "1 of e^4 may not";
  EXPECT_EQ(claim_about(claims, "a tenth of a token's time").verdict, Verdict::not_held);
  rows[0].texts[0].figures["within_bound"] = 0.9;
  rows[0].texts[1].figures["within_bound"] = 0.9;
  rows[0].figures["estimates.within_bound"] = 0.9;
  EXPECT_EQ(claim_about(check_claims(rows), "sketch's bound").verdict, Verdict::not_held);
}

TEST(Claims, HoldPerplexityToItsIntervalNotToItsValueAlone) {
  std::vector<study::StudyRow> rows = {support::study_row("sketch", 300, 0.2)};
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

TEST(Claims, LeaveAClaimOpenThatOtherTextsMightDecideOtherwise) {
  const auto verdict = [](const std::vector<double>& sketch, const std::vector<double>& window) {
    const std::vector<study::StudyRow> rows = {support::study_row_over("sketch", sketch),
                                               support::study_row_over("window", window)};
    return claim_about(check_claims(rows), "most recent positions");
  };
  EXPECT_EQ(verdict({0.1, 0.2, 0.3}, {0.4, 0.4, 0.4}).verdict, Verdict::held);
  EXPECT_EQ(verdict({0.5, 0.6, 0.7}, {0.4, 0.4, 0.4}).verdict, Verdict::not_held);
  const Claim open = verdict({0.1, 0.2, 0.7}, {0.4, 0.4, 0.4});
  EXPECT_EQ(open.verdict, Verdict::undecided);
  EXPECT_THAT(open.evidence, HasSubstr("95 % interval -0.3 to 0.3"));
}

TEST(Claims, JudgeNothingOnATextThatTheModelCannotRead) {
  std::vector<study::StudyRow> rows = {support::study_row_over("sketch", {0.2, 0.2}),
                                       support::study_row_over("window", {0.5, 0.5})};
  for (study::StudyRow& row : rows) {
    row.figures["timing.own_policy_ms"] = 1;
    row.figures["timing.linear_ms"] = 50;
    row.figures["timing.attention_ms"] = 50;
  }
  rows[0].figures["perplexity_ratio"] = 0.9;
  rows.push_back(rows.front());  // two times
  const auto claims = check_claims(rows, Texts::unread);
  EXPECT_EQ(claim_about(claims, "within 5 %").verdict, Verdict::unread);
  EXPECT_EQ(claim_about(claims, "most recent positions").verdict, Verdict::unread);
  EXPECT_THAT(claim_about(claims, "most recent positions").evidence, HasSubstr("0.2"));
  EXPECT_EQ(claim_about(claims, "8 bits").verdict, Verdict::not_measured);
  EXPECT_EQ(claim_about(claims, "a tenth of a token's time").verdict, Verdict::held)
      << "time does not depend on what the text says";
}

TEST(Claims, SayOverHowManyTextsAnIntervalIs) {
  const std::vector<study::StudyRow> rows = {support::study_row_over("sketch", {0.1, 0.2, 0.3}),
                                             support::study_row_over("window", {0.4, 0.4, 0.4})};
  EXPECT_THAT(claim_about(check_claims(rows), "most recent positions").evidence,
              HasSubstr(", over 3 texts"));
}

TEST(Claims, JudgeByTheWholeInterval) {
  EXPECT_EQ(verdict_below(1, {.value = 0.5}), Verdict::no_interval);
  EXPECT_EQ(verdict_below(1, {.value = 0.5, .interval = {{0.4, 0.9}}}), Verdict::held);
  EXPECT_EQ(verdict_below(1, {.value = 0.5, .interval = {{0.4, 1.1}}}), Verdict::undecided);
  EXPECT_EQ(verdict_below(1, {.value = 1.5, .interval = {{1.0, 1.6}}}), Verdict::not_held);
}

}  // namespace
}  // namespace sketchscope::report
