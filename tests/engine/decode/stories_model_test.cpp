// A real Llama of 260 thousand weights, with query heads that share keys, against the digits of a
// computation in double. The tests skip where the model is not at hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string>

#include "engine/decode/session.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/model.hpp"
#include "engine/run/watched_run.hpp"
#include "kernels/distribution.hpp"
#include "tests/support/data_folder.hpp"

namespace sketchscope::support {
namespace {

constexpr int kStart = 1;
constexpr std::size_t kScored = 200;

class StoriesModel : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto folder = data_folder() / "stories260k";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
    model_ = std::make_shared<const model::Model>(model::read_model_config(folder),
                                                  checkpoint::read_checkpoint(folder),
                                                  checkpoint::WeightDtype::as_stored);
  }

  /// Returns the tokens of highest logit after the start token, under the full cache.
  [[nodiscard]] std::vector<int> greedy(int count) const {
    decode::Session session(model_, 1);
    const decode::LaneId lane = session.add_lane({.knobs = {.policy = "full"}});
    std::vector<int> tokens = {kStart};
    for (int i = 0; i < count; ++i) {
      const decode::LaneInput input{.lane = lane, .token = tokens.back()};
      session.step({&input, 1});
      const auto logits = session.lane(lane).logits();
      tokens.push_back(static_cast<int>(std::ranges::max_element(logits) - logits.begin()));
    }
    return {tokens.begin() + 1, tokens.end()};
  }

  /// Returns the mean negative log-likelihood of tokens [first, end) of `text`, fed after the start
  /// token.
  [[nodiscard]] double nll(const std::vector<int>& text, std::size_t first,
                           const settings::Knobs& knobs) const {
    decode::Session session(model_, 1);
    const decode::LaneId lane = session.add_lane({.knobs = knobs});
    double sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const decode::LaneInput input{.lane = lane, .token = i == 0 ? kStart : text[i - 1]};
      session.step({&input, 1});
      const auto& logits = session.lane(lane).logits();
      std::vector<float> probability(logits.size());
      const double log_sum = kernels::softmax(logits, probability);
      if (i >= first) sum += log_sum - logits[static_cast<std::size_t>(text[i])];
    }
    return sum / static_cast<double>(text.size() - first);
  }

  std::shared_ptr<const model::Model> model_;
};

TEST_F(StoriesModel, HasTheShapeOfItsConfiguration) {
  const model::ModelConfig& config = model_->config();
  EXPECT_EQ(config.heads, 8);
  EXPECT_EQ(config.kv_heads, 4);
  EXPECT_EQ(config.head_width, 8);
  EXPECT_TRUE(config.tied_head);
}

TEST_F(StoriesModel, TellsTheStoryThatIsPublished) {
  EXPECT_THAT(greedy(39), ::testing::ElementsAre(403, 407, 261, 378, 432, 383, 286, 261, 376, 298,
                                                 315, 421, 395, 317, 426, 338, 401, 396, 267, 337,
                                                 410, 408, 419, 292, 411, 322, 265, 282, 295, 433,
                                                 426, 385, 328, 432, 358, 394, 261, 370, 432));
}

TEST_F(StoriesModel, HasTheLogitsOfADoubleComputation) {
  decode::Session session(model_, 1);
  const decode::LaneId lane = session.add_lane({.knobs = {.policy = "full"}});
  const decode::LaneInput input{.lane = lane, .token = kStart};
  session.step({&input, 1});
  const auto& logits = session.lane(lane).logits();
  EXPECT_NEAR(logits[403], 17.0235, 1e-4);
  EXPECT_NEAR(logits[385], 15.4062, 1e-4);
  EXPECT_NEAR(logits[410], 13.1083, 1e-4);
  EXPECT_NEAR(logits[317], 12.7692, 1e-4);
  EXPECT_NEAR(logits[407], 12.4181, 1e-4);
}

TEST_F(StoriesModel, LosesLikelihoodUnderSmallerCachesAsMuchAsTheReference) {
  const std::vector<int> text = greedy(static_cast<int>(kScored));
  EXPECT_NEAR(nll(text, 0, {.policy = "full"}), 0.4734, 1e-4);
  EXPECT_NEAR(nll(text, 64, {.policy = "full"}), 0.5092, 1e-4);
  const auto window = [&](int capacity, int sinks) {
    return nll(
        text, 64,
        {.policy = "window", .max_cache_size = capacity, .sinks = sinks, .recent_window = 1});
  };
  EXPECT_NEAR(window(64, 0), 0.5538, 1e-4);
  EXPECT_NEAR(window(32, 0), 0.5817, 1e-4);
  EXPECT_NEAR(window(32, 1), 0.6088, 1e-4);
  EXPECT_NEAR(window(32, 4), 0.6209, 1e-4);
}

/// Returns how many tokens the endless run has: 6,000, or what SKETCHSCOPE_ENDLESS_TOKENS says.
int endless_tokens() {
  const char* given = std::getenv("SKETCHSCOPE_ENDLESS_TOKENS");
  return given != nullptr ? std::max(std::atoi(given), 3000) : 6000;
}

TEST_F(StoriesModel, GoesOnPastItsContextInConstantMemoryAndTimeWithPositionsOfTheCache) {
  settings::Knobs knobs{.policy = "window", .max_cache_size = 256, .recent_window = 1};
  knobs.positions = settings::Positions::cache;
  run::WatchedRun run(model_, {.knobs = knobs, .prompt = {kStart}});
  const int count = endless_tokens();
  std::size_t bytes = 0;
  double nll = 0;
  // Processor time, which other programs of a busy machine do not lengthen.
  std::clock_t first = 0, last = 0;
  for (int step = 0; step < count; ++step) {
    const std::clock_t before = std::clock();
    const record::StepRecord record = run.step();
    const std::clock_t taken = std::clock() - before;
    if (step >= 1000 && step < 2000) first += taken;
    if (step >= count - 1000) last += taken;
    ASSERT_TRUE(std::isfinite(record.entropy)) << "token " << step;
    if (record.token_probability) nll -= std::log(*record.token_probability);
    const record::MemoryLedger& memory = record.memory;
    const std::size_t now = memory.kv_stored + memory.statistics + memory.audit +
                            memory.pages_reserved + memory.activations;
    if (step == 300) bytes = now;
    if (step > 300) {
      ASSERT_EQ(now, bytes) << "token " << step;
    }
    if (step == 1000) RecordProperty("resident_after_1000", std::to_string(memory.process));
    if (step == count - 1) RecordProperty("resident_at_end", std::to_string(memory.process));
  }
  RecordProperty("first_thousand_s", std::to_string(static_cast<double>(first) / CLOCKS_PER_SEC));
  RecordProperty("last_thousand_s", std::to_string(static_cast<double>(last) / CLOCKS_PER_SEC));
  RecordProperty("nll", std::to_string(nll / count));
  EXPECT_LT(last, 2 * first);
  EXPECT_LT(nll / count, 1.5) << "the text has fallen apart";
}

}  // namespace
}  // namespace sketchscope::support
