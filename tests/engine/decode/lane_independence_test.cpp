#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

settings::Knobs small_knobs(policy::PolicyChoice policy = "sketch") {
  settings::Knobs knobs;
  knobs.policy = policy;
  knobs.max_cache_size = 12;
  knobs.recent_window = 3;
  knobs.sinks = 2;
  knobs.sketch_width = 16;
  return knobs;
}

std::vector<int> tokens_of(std::uint64_t seed, int count) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(260)));
  return tokens;
}

std::vector<float> logits_of(const Session& session, LaneId lane) {
  const auto logits = session.lane(lane).logits();
  return {logits.begin(), logits.end()};
}

void feed(Session& session, LaneId lane, std::span<const int> tokens) {
  for (const int token : tokens) session.step(std::vector<LaneInput>{{lane, token}});
}

class EveryPolicyOfALane
    : public ::testing::TestWithParam<std::tuple<std::string_view, settings::Granularity>> {
 protected:
  [[nodiscard]] static settings::Knobs knobs() {
    settings::Knobs knobs = small_knobs(std::get<0>(GetParam()));
    knobs.granularity = std::get<1>(GetParam());
    return knobs;
  }
  // Lanes of either granularity stand in one step.
  [[nodiscard]] static settings::Knobs other_knobs(int lane) {
    settings::Knobs knobs = small_knobs("heavy-hitter");
    knobs.granularity = lane % 3 == 0 ? settings::Granularity::head : settings::Granularity::layer;
    return knobs;
  }
};

TEST_P(EveryPolicyOfALane, GivesTheSameBitsAloneAndAmongOtherLanesWithAnyNumberOfThreads) {
  const auto model = support::make_tiny_model();
  const std::vector<int> tokens = tokens_of(1, 60);
  Session alone(model, 1);
  const LaneId single = alone.add_lane({.knobs = knobs(), .audit = true});

  Session crowd(model, 3);
  std::vector<LaneId> lanes;
  for (int i = 0; i < 7; ++i) {
    lanes.push_back(
        crowd.add_lane({.knobs = i == 3 ? knobs() : other_knobs(i), .audit = i % 2 == 1}));
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    alone.step(std::vector<LaneInput>{{single, tokens[i]}});
    std::vector<LaneInput> inputs;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      inputs.push_back(
          {lanes[lane], lane == 3 ? tokens[i] : static_cast<int>((i * 7 + lane) % 260)});
    }
    crowd.step(inputs);
    ASSERT_EQ(logits_of(alone, single), logits_of(crowd, lanes[3])) << "token " << i;
  }
}

TEST_P(EveryPolicyOfALane, LearnsFromAPromptSharedWithOtherLanesAsFromItsOwn) {
  const auto model = support::make_tiny_model();
  const std::vector<int> tokens = tokens_of(2, 50);
  const std::span<const int> prompt = std::span(tokens).first(30);
  Session alone(model, 1);
  const LaneId single = alone.add_lane({.knobs = knobs(), .audit = true});
  alone.prefill(single, prompt);

  Session crowd(model, 2);
  std::vector<LaneId> lanes;
  for (int i = 0; i < 4; ++i) {
    lanes.push_back(crowd.add_lane({.knobs = i == 2 ? knobs() : other_knobs(i), .audit = i == 2}));
  }
  crowd.prefill(lanes, prompt);
  EXPECT_EQ(crowd.tokens_forwarded(), std::ssize(prompt));
  EXPECT_EQ(alone.lane(single).take_evictions().size(),
            crowd.lane(lanes[2]).take_evictions().size());
  for (const int token : std::span(tokens).subspan(30)) {
    alone.step(std::vector<LaneInput>{{single, token}});
    crowd.step(std::vector<LaneInput>{{lanes[2], token}, {lanes[0], token}});
    ASSERT_EQ(logits_of(alone, single), logits_of(crowd, lanes[2]));
    EXPECT_GT(crowd.policy_ms(0), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicyOfALane,
                         ::testing::Combine(::testing::ValuesIn(policy::policy_kinds().names()),
                                            ::testing::Values(settings::Granularity::layer,
                                                              settings::Granularity::head)),
                         [](const auto& parameter) {
                           std::string name(std::get<0>(parameter.param));
                           std::erase(name, '-');
                           return name + "_by_" + core::name_of(std::get<1>(parameter.param));
                         });

TEST(Granularity, ChangesNoBitWhereHeadsHoldTheSamePositions) {
  for (const std::string policy : {"full", "window", "random"}) {
    Session session(support::make_tiny_model(), 2);
    settings::Knobs knobs = small_knobs(policy);
    const LaneId shared = session.add_lane({.knobs = knobs, .audit = true});
    knobs.granularity = settings::Granularity::head;
    const LaneId apart = session.add_lane({.knobs = knobs, .audit = true});
    for (const int token : tokens_of(4, 60)) {
      session.step(std::vector<LaneInput>{{shared, token}, {apart, token}});
      ASSERT_EQ(logits_of(session, shared), logits_of(session, apart)) << policy;
    }
    EXPECT_EQ(session.lane(shared).kv_bytes(), session.lane(apart).kv_bytes());
  }
}

TEST(Fork, ThenDivergeEqualsTwoSeparateRunsBitForBit) {
  const auto model = support::make_tiny_model();
  const std::vector<int> common = tokens_of(5, 30);
  const std::vector<int> left = tokens_of(6, 30);
  const std::vector<int> right = tokens_of(7, 30);
  Session session(model, 2);
  const LaneId trunk = session.add_lane({.knobs = small_knobs(), .audit = true});
  feed(session, trunk, common);
  const LaneId branch = session.fork(trunk);
  for (std::size_t i = 0; i < left.size(); ++i) {
    session.step(std::vector<LaneInput>{{trunk, left[i]}, {branch, right[i]}});
  }
  for (const auto& [lane, tail] : {std::pair{trunk, left}, std::pair{branch, right}}) {
    Session separate(model, 1);
    const LaneId own = separate.add_lane({.knobs = small_knobs(), .audit = true});
    feed(separate, own, common);
    feed(separate, own, tail);
    EXPECT_EQ(logits_of(session, lane), logits_of(separate, own));
    EXPECT_EQ(session.lane(lane).kv_bytes(), separate.lane(own).kv_bytes());
  }
}

TEST(Fork, SharesAllPagesUntilOneLaneWrites) {
  const auto model = support::make_tiny_model();
  Session session(model, 1);
  const LaneId trunk = session.add_lane({.knobs = small_knobs("full")});
  feed(session, trunk, tokens_of(5, 33));
  const std::size_t before = session.pools().pages_in_use();
  const LaneId branch = session.fork(trunk);
  EXPECT_EQ(session.pools().pages_in_use(), before);
  session.step(std::vector<LaneInput>{{branch, 1}});
  // One page a layer is copied: that which holds the first free slot.
  EXPECT_EQ(session.pools().pages_in_use(), before + 2);
}

TEST(Session, HasNoPageInUseAfterItsLanesAreGone) {
  const auto model = support::make_tiny_model();
  Session session(model, 1);
  core::SplitMix64 random(9);
  std::vector<LaneId> lanes = {session.add_lane({.knobs = small_knobs(), .audit = true})};
  for (int i = 0; i < 50; ++i) {
    feed(session, lanes[random.below(lanes.size())],
         std::vector<int>{static_cast<int>(random.below(260))});
    if (random.below(5) == 0) lanes.push_back(session.fork(lanes[random.below(lanes.size())]));
    if (random.below(9) == 0 && lanes.size() > 1) {
      session.remove(lanes.back());
      lanes.pop_back();
    }
  }
  EXPECT_GT(session.pools().pages_in_use(), 0U);
  for (const LaneId lane : lanes) session.remove(lane);
  EXPECT_EQ(session.pools().pages_in_use(), 0U);
}

TEST(Session, RefusesATokenBeyondTheContext) {
  const auto model = support::make_tiny_model();
  Session session(model, 1);
  const LaneId lane = session.add_lane({.knobs = small_knobs()});
  feed(session, lane, tokens_of(1, 64));
  EXPECT_THROW(feed(session, lane, std::vector<int>{1}), std::exception);
}

}  // namespace
}  // namespace sketchscope::decode
