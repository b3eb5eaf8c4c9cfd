#include "engine/measure/recall.hpp"

#include <gmock/gmock.h>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

std::vector<int> random_tokens(core::SplitMix64& random, int count) {
  std::vector<int> tokens;
  for (int at = 0; at < count; ++at) tokens.push_back(static_cast<int>(random.below(250)));
  return tokens;
}

/// Returns the model's greedy continuation of these tokens.
std::vector<int> greedy(const std::shared_ptr<const model::Model>& model,
                        const RecallQuestion& question, int count) {
  decode::Session session(model, 1);
  const auto lane = session.add_lane({.knobs = {.policy = "full"}});
  session.prefill(lane, question.context);
  for (const int token : question.question)
    session.step(std::vector<decode::LaneInput>{{lane, token}});
  std::vector<int> said;
  for (int at = 0; at < count; ++at) {
    said.push_back(session.lane(lane).draw_token());
    session.step(std::vector<decode::LaneInput>{{lane, said.back()}});
  }
  return said;
}

class RecallOfATinyModel : public ::testing::Test {
 protected:
  RecallOfATinyModel() {
    core::SplitMix64 random(5);
    for (int number = 0; number < 12; ++number) {
      RecallQuestion question{.context = random_tokens(random, 10 + number),
                              .question = random_tokens(random, 4),
                              .distance = 50 * number,
                              .changed_fact = number % 3 == 0};
      question.answer = greedy(model, question, 2);
      if (number % 2 == 1) question.answer.back() = (question.answer.back() + 1) % 250;
      questions.push_back(std::move(question));
    }
  }

  Recall ask(const RecallOptions& options) {
    return measure_recall(model, questions, options, {}, {});
  }

  std::shared_ptr<const model::Model> model = support::make_tiny_model();
  std::vector<RecallQuestion> questions;
};

TEST_F(RecallOfATinyModel, CountsExactAnswersByDistance) {
  const auto recall = ask({.knobs = {.policy = "full"}, .lanes = 5});
  EXPECT_EQ(recall.by_distance[0].asked, 2);
  EXPECT_EQ(recall.by_distance[1].asked, 6);
  EXPECT_EQ(recall.by_distance[2].asked, 4);
  EXPECT_EQ(recall.by_distance[0].right, 1);
  EXPECT_EQ(recall.by_distance[1].right, 3);
  EXPECT_EQ(recall.by_distance[2].right, 2);
  EXPECT_EQ(recall.changed_facts.asked, 4);
  EXPECT_EQ(recall.changed_facts.right, 2);
  EXPECT_EQ(recall.totals.evictions(), 0);
}

TEST_F(RecallOfATinyModel, AnswersUnderTheCappedCache) {
  const settings::Knobs capped{
      .policy = "window", .max_cache_size = 8, .sinks = 1, .recent_window = 2};
  EXPECT_GT(ask({.knobs = capped}).totals.evictions(), 0);
}

TEST_F(RecallOfATinyModel, DoesNotDependOnTheNumberOfLanes) {
  const settings::Knobs capped{.policy = "heavy-hitter", .max_cache_size = 12, .recent_window = 4};
  const auto alone = ask({.knobs = capped, .lanes = 1}),
             together = ask({.knobs = capped, .lanes = 12});
  EXPECT_EQ(alone.totals.evictions(), together.totals.evictions());
  for (std::size_t at = 0; at < kRecallDistances.size(); ++at) {
    EXPECT_EQ(alone.by_distance[at].right, together.by_distance[at].right);
  }
}

TEST_F(RecallOfATinyModel, KeepsEveryAnswerInTheOrderAsked) {
  const auto recall = ask({.knobs = {.policy = "full"}, .lanes = 5});
  ASSERT_EQ(recall.answers.size(), questions.size());
  for (std::size_t at = 0; at < questions.size(); ++at) {
    EXPECT_EQ(recall.answers[at].distance, questions[at].distance);
    EXPECT_EQ(recall.answers[at].right, at % 2 == 0);
  }
}

TEST(RightShare, HasTheIntervalOfItsQuestions) {
  const Estimate half = right_share({.asked = 100, .right = 50}).value();
  EXPECT_DOUBLE_EQ(half.value, 0.5);
  EXPECT_NEAR(half.interval->low, 0.5 - 1.96 * 0.05, 0.021);
  EXPECT_NEAR(half.interval->high, 0.5 + 1.96 * 0.05, 0.021);
  EXPECT_FALSE(right_share({}));
}

TEST_F(RecallOfATinyModel, RefusesAQuestionBeyondTheContext) {
  questions[3].context.resize(100);
  EXPECT_THROW(ask({.knobs = {.policy = "full"}}), core::Error);
}

TEST_F(RecallOfATinyModel, EndsWithWhatIsThereWhenStopped) {
  std::stop_source stop;
  stop.request_stop();
  const auto recall = measure_recall(model, questions, {}, {}, stop.get_token());
  EXPECT_TRUE(recall.interrupted);
  EXPECT_EQ(recall.by_distance[0].asked, 0);
}

}  // namespace
}  // namespace sketchscope::measure
