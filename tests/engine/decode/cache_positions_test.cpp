// Keys that take their ranks in the cache for positions (`positions cache`), on a random Llama
// whose query heads share keys.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "engine/schedule/record_builder.hpp"
#include "engine/settings/byte_budget.hpp"
#include "tests/support/reference_run.hpp"
#include "tests/support/rotary_model.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

using settings::Positions;
using support::ReferenceRun;
using support::rotary_config;

settings::Knobs knobs_at(Positions positions) {
  settings::Knobs knobs{.max_cache_size = 14, .sinks = 2, .recent_window = 4, .sketch_width = 64};
  knobs.positions = positions;
  return knobs;
}

void step(Session& session, LaneId lane, int token) {
  const LaneInput input{.lane = lane, .token = token};
  session.step({&input, 1});
}

std::vector<float> logits_now(const Session& session, LaneId lane) {
  const auto logits = session.lane(lane).logits();
  return {logits.begin(), logits.end()};
}

double log_likelihood(std::span<const float> logits, int token) {
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
  return logits[static_cast<std::size_t>(token)] - std::log(sum);
}
double log_likelihood(const std::vector<double>& logits, int token) {
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit);
  return logits[static_cast<std::size_t>(token)] - std::log(sum);
}

std::string test_name(const settings::Knobs& knobs) {
  std::string name = knobs.policy.name() + "_by_" + std::string(core::name_of(knobs.granularity)) +
                     "_at_" + std::string(core::name_of(knobs.positions));
  std::ranges::replace(name, '-', '_');
  return name;
}

std::vector<settings::Knobs> rule_knobs() {
  std::vector<settings::Knobs> all;
  for (const policy::PolicyKind& kind : policy::policy_kinds()) {
    for (const auto granularity : {settings::Granularity::layer, settings::Granularity::head}) {
      for (const Positions positions : {Positions::original, Positions::cache}) {
        settings::Knobs knobs = knobs_at(positions);
        knobs.policy = kind;
        knobs.granularity = granularity;
        all.push_back(knobs);
      }
    }
  }
  return all;
}

class PositionRules : public ::testing::TestWithParam<settings::Knobs> {
 protected:
  // Compares victims, logits and perplexity with the second implementation, token by token.
  void expect_same(std::size_t prompt, int length) {
    const model::ModelConfig config = rotary_config(2);
    const checkpoint::Checkpoint checkpoint = support::rotary_checkpoint(2);
    ReferenceRun reference(config, checkpoint, GetParam());
    Session session(support::rotary_model(2), 2);
    const LaneId lane = session.add_lane({.knobs = GetParam(), .audit = true});
    const std::vector<int> tokens = support::rotary_tokens(length);
    std::vector<ReferenceRun::Eviction> evictions;
    std::vector<double> expected;
    double nll = 0, expected_nll = 0;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      if (at + 1 < prompt) continue;
      if (at + 1 == prompt) {
        const std::vector<int> whole(tokens.begin(), tokens.begin() + static_cast<long>(prompt));
        expected = reference.prefill(whole);
        session.prefill(lane, whole);
      } else {
        if (!expected.empty()) {
          nll -= log_likelihood(session.lane(lane).logits(), tokens[at]);
          expected_nll -= log_likelihood(expected, tokens[at]);
        }
        expected = reference.feed(tokens[at]);
        step(session, lane, tokens[at]);
        for (int layer = 0; session.lane(lane).audited() && layer < 2; ++layer) {
          ASSERT_NEAR(session.lane(lane).layer(layer).divergence().retained_mass(),
                      reference.retained_mass(layer), 1e-4)
              << "token " << at;
        }
      }
      for (const record::EvictionRecord& eviction : session.lane(lane).take_evictions()) {
        evictions.push_back(
            {eviction.layer, eviction.head.value_or(-1), eviction.position, eviction.degenerate});
      }
      ASSERT_EQ(evictions, reference.evictions()) << "token " << at;
      const auto logits = session.lane(lane).logits();
      for (std::size_t v = 0; v < logits.size(); ++v) {
        ASSERT_NEAR(logits[v], expected[v], 2e-3) << "token " << at;
      }
    }
    const auto scored = static_cast<double>(tokens.size() - std::max<std::size_t>(prompt, 1));
    EXPECT_NEAR(std::exp(nll / scored) / std::exp(expected_nll / scored), 1, 1e-5);
    EXPECT_EQ(evictions.empty(), !GetParam().policy->evicts);
  }
};

TEST_P(PositionRules, GiveTheVictimsLogitsAndPerplexityOfAnIndependentImplementation) {
  expect_same(0, 48);
}

TEST_P(PositionRules, DoSoAfterAPromptInOnePass) {
  for (const std::size_t prompt : {2U, 12U, 30U}) expect_same(prompt, 48);
}

TEST_P(PositionRules, DoSoPastTheModelsContext) {
  if (GetParam().positions == Positions::original || !GetParam().policy->evicts) {
    Session session(support::rotary_model(2), 1);
    const LaneId lane = session.add_lane({.knobs = GetParam()});
    for (const int token : support::rotary_tokens(48)) step(session, lane, token);
    EXPECT_FALSE(session.lane(lane).has_room());
    EXPECT_THROW(step(session, lane, 1), core::Error);
    return;
  }
  expect_same(0, 130);
}

INSTANTIATE_TEST_SUITE_P(EveryPolicy, PositionRules, ::testing::ValuesIn(rule_knobs()),
                         [](const auto& of_case) { return test_name(of_case.param); });

TEST(CachePositions, AreThoseOfADenseRunOverTheKeptTokensWhereKeysFollowFromTokensAlone) {
  // In a model of one layer a token's key and value do not depend on those before it.
  const std::vector<int> tokens = support::rotary_tokens(100);
  for (const char* policy : {"window", "heavy-hitter", "tova", "random"}) {
    settings::Knobs knobs = knobs_at(Positions::cache);
    knobs.policy = policy;
    Session session(support::rotary_model(1), 1);
    const LaneId lane = session.add_lane({.knobs = knobs});
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      step(session, lane, tokens[at]);
      if (at % 9 != 0) continue;
      const TableView table = session.lane(lane).layer(0).table(0);
      std::vector<int> kept(table.positions().begin(), table.positions().end());
      std::ranges::sort(kept);
      const LaneId dense = session.add_lane({.knobs = {.policy = "full"}});
      for (const int position : kept) {
        step(session, dense, tokens[static_cast<std::size_t>(position)]);
      }
      for (std::size_t v = 0; v < 61; ++v) {
        ASSERT_NEAR(session.lane(lane).logits()[v], session.lane(dense).logits()[v], 1e-4)
            << policy << ", token " << at;
      }
      session.remove(dense);
    }
  }
}

TEST(CachePositions, GiveTheBitsOfOriginalOnesUntilSomethingLeaves) {
  const std::vector<int> tokens = support::rotary_tokens(14);
  for (const std::size_t prompt : {0U, 9U}) {
    Session session(support::rotary_model(2), 2);
    const LaneId original = session.add_lane({.knobs = knobs_at(Positions::original)});
    const LaneId cache = session.add_lane({.knobs = knobs_at(Positions::cache)});
    const std::vector<LaneId> both = {original, cache};
    if (prompt > 0) session.prefill(both, std::span(tokens).first(prompt));
    for (std::size_t at = prompt; at < tokens.size(); ++at) {
      session.step(std::vector<LaneInput>{{original, tokens[at]}, {cache, tokens[at]}});
      ASSERT_EQ(logits_now(session, original), logits_now(session, cache)) << "token " << at;
    }
    session.step(std::vector<LaneInput>{{original, 1}, {cache, 1}});
    EXPECT_NE(logits_now(session, original), logits_now(session, cache));
  }
}

TEST(CachePositions, GiveALaneTheSameBitsBesideOthersOnOtherThreadsAndAfterAFork) {
  const std::vector<int> tokens = support::rotary_tokens(120);
  settings::Knobs knobs = knobs_at(Positions::cache);
  knobs.kv = kernels::KvFormat::int8;
  knobs.read = "topk";
  knobs.read_k = 5;
  Session alone(support::rotary_model(2), 1);
  const LaneId single = alone.add_lane({.knobs = knobs, .audit = true});
  Session shared(support::rotary_model(2), 3);
  const LaneId other = shared.add_lane({.knobs = knobs_at(Positions::original)});
  LaneId lane = shared.add_lane({.knobs = knobs, .audit = true});
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    step(alone, single, tokens[at]);
    std::vector<LaneInput> inputs = {{lane, tokens[at]}};
    if (at < 40) inputs.push_back({other, tokens[tokens.size() - 1 - at]});
    shared.step(inputs);
    ASSERT_EQ(logits_now(alone, single), logits_now(shared, lane)) << "token " << at;
    if (at % 17 != 0) continue;
    const LaneId fork = shared.fork(lane);
    step(shared, lane, 3);  // what the original does next is of no concern to the fork
    lane = fork;
  }
}

TEST(CachePositions, EndTheAuditAtTheModelsLastPosition) {
  settings::Knobs knobs = knobs_at(Positions::cache);
  knobs.target = settings::TargetKind::retained_mass;
  Session session(support::rotary_model(2), 1);
  const LaneId lane = session.add_lane({.knobs = knobs, .audit = true});
  const std::vector<int> tokens = support::rotary_tokens(100);
  for (int at = 0; at < 48; ++at) step(session, lane, tokens[static_cast<std::size_t>(at)]);
  EXPECT_TRUE(session.lane(lane).audited());
  EXPECT_GT(session.lane(lane).audit_bytes(), 0U);
  session.lane(lane).take_evictions();
  for (int at = 48; at < 100; ++at) {
    EXPECT_TRUE(session.lane(lane).hold_target({}).empty() || at == 48);
    step(session, lane, tokens[static_cast<std::size_t>(at)]);
    EXPECT_FALSE(session.lane(lane).audited());
    for (const auto& victim : session.lane(lane).take_evictions()) {
      EXPECT_EQ(victim.exact_score, std::nullopt);
    }
  }
  EXPECT_EQ(session.lane(lane).audit_bytes(), 0U);
  for (const record::LayerRecord& layer : schedule::describe_layers(session.lane(lane))) {
    EXPECT_EQ(layer.retained_mass, std::nullopt);
  }
}

TEST(CachePositions, EndWithTheContextWhereTheCapacityExceedsIt) {
  Session session(support::rotary_model(1), 1);
  settings::Knobs knobs = knobs_at(Positions::cache);
  knobs.max_cache_size = 49;
  const LaneId lane = session.add_lane({.knobs = knobs});
  for (const int token : support::rotary_tokens(48)) step(session, lane, token);
  EXPECT_FALSE(session.lane(lane).has_room());
  EXPECT_THROW(step(session, lane, 1), core::Error);
  knobs.max_cache_size = 48;
  session.lane(lane).apply(knobs);
  EXPECT_TRUE(session.lane(lane).has_room());
  for (const int token : support::rotary_tokens(60)) step(session, lane, token);
  EXPECT_EQ(session.lane(lane).layer(0).stored(), 48);
}

TEST(CachePositions, StayThoseOfTheRunWhenTheKnobChanges) {
  Session session(support::rotary_model(1), 1);
  const LaneId lane = session.add_lane({.knobs = knobs_at(Positions::cache)});
  EXPECT_TRUE(session.lane(lane).apply(knobs_at(Positions::original)).empty());
  EXPECT_EQ(session.lane(lane).knobs().positions, Positions::cache);
}

TEST(CachePositions, AreRefusedWhereAKeyOrItsSummaryWouldKnowOnePositionOnly) {
  settings::Knobs knobs = knobs_at(Positions::cache);
  EXPECT_NO_THROW(settings::check_knobs(knobs));
  knobs.sketch_key = sketch::SketchKey::key_lsh;
  EXPECT_THROW(settings::check_knobs(knobs), core::UsageError);
  knobs.policy = "tova";
  EXPECT_NO_THROW(settings::check_knobs(knobs)) << "no sketch counts codes";
  knobs.read = "aggregate";
  knobs.aggregate = "centroid";
  EXPECT_THROW(settings::check_knobs(knobs), core::UsageError);
  knobs.policy = "full";
  EXPECT_THROW(settings::check_knobs(knobs), core::UsageError);
}

TEST(CachePositions, AreRefusedByAModelWithLearnedPositions) {
  Session session(support::make_tiny_model(), 1);
  EXPECT_THROW(session.add_lane({.knobs = knobs_at(Positions::cache)}), core::UsageError);
}

TEST(CachePositions, TakeTheBytesThatAreForetold) {
  for (const auto granularity : {settings::Granularity::layer, settings::Granularity::head}) {
    settings::Knobs knobs = knobs_at(Positions::cache);
    knobs.granularity = granularity;
    Session session(support::rotary_model(2), 1);
    const LaneId lane = session.add_lane({.knobs = knobs});
    for (const int token : support::rotary_tokens(200)) step(session, lane, token);
    const record::MemoryLedger memory = schedule::memory_of(session, session.lane(lane));
    EXPECT_EQ(memory.kv_stored + memory.statistics + memory.sketch + memory.tail,
              settings::lane_bytes(rotary_config(2), knobs).at(14));
  }
}

}  // namespace
}  // namespace sketchscope::decode
