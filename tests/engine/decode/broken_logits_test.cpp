#include "engine/decode/broken_logits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "engine/decode/session.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// A model whose weights are finite but whose final norm overflows to infinity.
std::shared_ptr<const model::Model> overflowing_model() {
  const support::TinyModelOptions options;
  checkpoint::Checkpoint checkpoint = support::make_tiny_checkpoint(options);
  checkpoint::CheckpointTensor& norm = checkpoint.tensors.at("ln_f.weight");
  auto* const numbers = reinterpret_cast<float*>(const_cast<std::byte*>(norm.bytes.data()));
  std::fill_n(numbers, norm.bytes.size() / sizeof(float), 3e38F);
  return std::make_shared<const model::Model>(options.config, checkpoint, options.dtype,
                                              model::ModelOptions{});
}

TEST(BrokenLogits, AreFoundWithTheirTokenAndWhatTheyAre) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> logits(5000, 1);
  EXPECT_NO_THROW(require_finite(logits, 3));
  for (const auto& [number, name] :
       {std::pair(std::numeric_limits<float>::quiet_NaN(), "NaN"),
        std::pair(kInfinity, "found infinity"), std::pair(-kInfinity, "-infinity")}) {
    logits[4321] = number;
    try {
      require_finite(logits, 3);
      ADD_FAILURE() << name;
    } catch (const BrokenLogits& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("after 3 tokens"), HasSubstr(name),
                                      HasSubstr("token 4321"), HasSubstr("--dtype f32")));
    }
  }
}

TEST(BrokenLogits, EndAStepAndAPromptOfASession) {
  Session session(overflowing_model(), 1);
  const std::vector<int> prompt = {1, 2, 3};
  EXPECT_THROW(session.prefill(session.add_lane({}), prompt), BrokenLogits);
  const LaneInput input{.lane = session.add_lane({}), .token = 1};
  EXPECT_THROW(session.step({&input, 1}), BrokenLogits);
}

TEST(BrokenLogits, LeaveAWatchedRunAtItsLastWholeStep) {
  run::WatchedRun run(overflowing_model(), {.prompt = {1, 2, 3}, .keyframe_interval = 4});
  EXPECT_THROW(run.step(), BrokenLogits);
  EXPECT_TRUE(run.lane().tokens().empty());
  EXPECT_EQ(run.steps(), 0);
}

}  // namespace
}  // namespace sketchscope::decode
