// Two runs of one session advance in one forward pass, and each does what it would do alone.
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "engine/record/step_record.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

/// Everything but times and the bytes that belong to the session or the process.
nlohmann::json facts(const record::StepRecord& record) {
  auto json = record::step_record_to_json(record);
  json.erase("times");
  json.erase("memory");
  return json;
}

RunOptions options_of(core::SplitMix64& random, const std::vector<int>& prompt) {
  return {.knobs = support::random_knobs(random), .prompt = prompt, .twin = true, .audit = true};
}

TEST(RunsTogether, AreEachBitForBitWhatTheyAreAlone) {
  const auto model = support::make_tiny_model();
  int together = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    core::SplitMix64 random(seed);
    std::vector<int> prompt(1 + random.below(30));
    for (int& token : prompt) token = static_cast<int>(random.below(260));
    RunOptions of_a = options_of(random, prompt);
    RunOptions of_b = options_of(random, prompt);
    of_b.knobs.prefill = of_a.knobs.prefill;
    const auto session = std::make_shared<decode::Session>(model, 1);
    WatchedRun a(session, of_a);
    WatchedRun b(session, of_b);
    WatchedRun a_alone(model, of_a);
    WatchedRun b_alone(model, of_b);
    while (!a.at_context_end()) {
      ASSERT_TRUE(a.can_step_with(b)) << "seed " << seed << " step " << a.steps();
      const auto forwarded = session->tokens_forwarded();
      const std::int64_t fed = static_cast<std::int64_t>(a.lane().tokens().size());
      const std::array pair = {&a, &b};
      const auto records = WatchedRun::step_together(pair);
      const record::StepRecord& record_a = records[0];
      const record::StepRecord& record_b = records[1];
      ASSERT_EQ(facts(record_a), facts(a_alone.step())) << "seed " << seed;
      ASSERT_EQ(facts(record_b), facts(b_alone.step())) << "seed " << seed;
      const bool one_pass_of_a_prompt = fed == 0 && record_a.tokens.size() > 1;
      const auto lanes = a.twin() == b.twin() ? 3 : 4;
      const auto rows = one_pass_of_a_prompt ? std::ssize(record_a.tokens) : lanes;
      ASSERT_EQ(session->tokens_forwarded() - forwarded, rows) << "one pass for all lanes";
      ++together;
    }
    const auto same = [](std::span<const float> x, std::span<const float> y) {
      return std::ranges::equal(x, y);
    };
    EXPECT_TRUE(same(a.lane().logits(), a_alone.lane().logits()));
    EXPECT_TRUE(same(b.lane().logits(), b_alone.lane().logits()));
    EXPECT_TRUE(same(b.twin()->logits(), b_alone.twin()->logits()));
  }
  EXPECT_GT(together, 500);
}

TEST(RunsTogether, OnTheSameTokensDifferByTheirCachesAlone) {
  const auto model = support::make_tiny_model();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    core::SplitMix64 random(seed);
    const std::vector<int> prompt = {1, 2, 3, 4, 5};
    const RunOptions of_a = options_of(random, prompt);
    RunOptions of_b = options_of(random, prompt);
    of_b.knobs.prefill = of_a.knobs.prefill;
    const auto session = std::make_shared<decode::Session>(model, 1);
    WatchedRun a(session, of_a);
    WatchedRun b(session, of_b);
    std::vector<record::StepRecord> records;
    while (!a.at_context_end()) {
      const std::array pair = {&a, &b};
      auto both = WatchedRun::step_together(pair);
      ASSERT_EQ(both[0].tokens, both[1].tokens);
      records.push_back(std::move(both[1]));
      if (a.next_token()) b.take_token(*a.next_token());
    }
    EXPECT_TRUE(std::ranges::equal(a.twin()->logits(), b.twin()->logits()))
        << "the full cache of the same tokens is the same";
    const bool alike = of_a.knobs.granularity == of_b.knobs.granularity;
    EXPECT_EQ(a.twin() == b.twin(), alike) << "and is held once, if its tables are alike";
    RunOptions forced = of_b;
    const auto fed = a.lane().tokens().subspan(prompt.size());
    forced.forced.assign(fed.begin(), fed.end());
    WatchedRun b_alone(model, forced);
    for (const record::StepRecord& record : records) {
      ASSERT_EQ(facts(record), facts(b_alone.step())) << "seed " << seed;
    }
  }
}

TEST(RunsTogether, NeedOneSessionAndInputsOfOneKind) {
  const auto model = support::make_tiny_model();
  const auto session = std::make_shared<decode::Session>(model, 1);
  RunOptions whole{.knobs = {}, .prompt = {1, 2, 3}};
  RunOptions stream = whole;
  stream.knobs.prefill = settings::Prefill::stream;
  WatchedRun a(session, whole);
  WatchedRun b(session, stream);
  WatchedRun elsewhere(model, whole);
  EXPECT_FALSE(a.can_step_with(b)) << "a prompt in one pass beside its first token";
  EXPECT_FALSE(a.can_step_with(elsewhere));
  a.step();
  while (b.prompt_pending()) b.step();
  EXPECT_TRUE(a.can_step_with(b)) << "a token each";
}

}  // namespace
}  // namespace sketchscope::run
