#include "engine/schedule/feeding.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "engine/core/error.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::schedule {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

const model::ModelConfig kConfig = support::TinyModelOptions{}.config;

std::vector<int> counted(int tokens) {
  std::vector<int> all(static_cast<std::size_t>(tokens));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::string refusal(std::size_t tokens) {
  try {
    check_length("question", tokens, kConfig);
  } catch (const core::Error& error) {
    return error.what();
  }
  return {};
}

TEST(CheckLength, RefusesNothingAndMoreThanTheContextByName) {
  EXPECT_THAT(refusal(0), HasSubstr("question has no tokens"));
  EXPECT_EQ(refusal(1), "");
  EXPECT_EQ(refusal(64), "");
  EXPECT_THAT(refusal(65), HasSubstr("question is longer than the model's context"));
  EXPECT_THAT(refusal(65), HasSubstr("65 tokens"));
  EXPECT_THAT(refusal(65), HasSubstr("at most 64 (the positions of the model)"));
}

TEST(NextOfPrompt, IsThePromptOrATokenOfAStream) {
  const std::vector<int> prompt = counted(5);
  for (const settings::Prefill prefill :
       {settings::Prefill::automatic, settings::Prefill::full, settings::Prefill::stream}) {
    settings::Knobs knobs;
    knobs.prefill = prefill;
    std::vector<int> fed;
    int passes = 0;
    for (; fed.size() < prompt.size(); ++passes) {
      const auto next = next_of_prompt(prompt, fed.size(), knobs);
      ASSERT_FALSE(next.empty());
      fed.insert(fed.end(), next.begin(), next.end());
    }
    EXPECT_THAT(fed, ElementsAreArray(prompt)) << core::name_of(prefill);
    EXPECT_EQ(passes, prefill == settings::Prefill::stream ? 5 : 1) << core::name_of(prefill);
  }
}

TEST(FeedPrompt, GivesALaneTheSameTokensHoweverTheyGoIn) {
  const auto model = support::make_tiny_model();
  for (const settings::Prefill prefill : {settings::Prefill::full, settings::Prefill::stream}) {
    decode::Session session(model, 1);
    settings::Knobs knobs{.policy = "full"};
    knobs.prefill = prefill;
    const decode::LaneId lane = session.add_lane({.knobs = knobs});
    feed_prompt(session, lane, counted(9), knobs);
    EXPECT_THAT(session.lane(lane).tokens(), ElementsAreArray(counted(9)));
    EXPECT_EQ(session.tokens_forwarded(), 9);
    EXPECT_THROW(feed_prompt(session, lane, {}, knobs), core::Error);
  }
}

TEST(Feed, GivesATwinTheTokensOfItsLane) {
  decode::Session session(support::make_tiny_model(), 1);
  const LanePair pair = add_pair(session, {.knobs = {.max_cache_size = 8}}, true);
  const std::vector<int> prompt = counted(12);
  const int next = 7;
  for (const Feed& one : {Feed{pair, prompt}, Feed{pair, {&next, 1}}}) feed(session, {&one, 1});
  EXPECT_THAT(session.lane(*pair.twin).tokens(),
              ElementsAreArray(session.lane(pair.lane).tokens()));
  EXPECT_EQ(session.lane(*pair.twin).tokens().size(), 13U);
  EXPECT_EQ(session.lane(*pair.twin).layers().front().stored(), 13);
  EXPECT_EQ(session.lane(pair.lane).layers().front().stored(), 8);
}

TEST(StopRule, EndsByTokenThenByNumberThenByContext) {
  const StopRule rule{.tokens = 5, .end_tokens = {7, 9}};
  EXPECT_EQ(rule.end(1, 3, true), std::nullopt);
  EXPECT_EQ(rule.end(1, 9, true), SequenceEnd::end_token);
  EXPECT_EQ(rule.end(5, 9, false), SequenceEnd::end_token);
  EXPECT_EQ(rule.end(5, 3, false), SequenceEnd::complete);
  EXPECT_EQ(rule.end(4, 3, false), SequenceEnd::context);
  EXPECT_EQ((StopRule{.tokens = 5}).end(1, 9, true), std::nullopt);
}

}  // namespace
}  // namespace sketchscope::schedule
