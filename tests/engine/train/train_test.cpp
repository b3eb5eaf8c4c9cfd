#include "engine/train/train.hpp"

#include <gmock/gmock.h>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/decode/session.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/train/training_model.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::train {
namespace {

using support::TemporaryDirectory;
using ::testing::ElementsAreArray;
using ::testing::FloatNear;
using ::testing::Pointwise;

TrainOptions tiny(const std::filesystem::path& directory) {
  return {.directory = directory,
          .steps = 8,
          .layers = 2,
          .heads = 6,
          .width = 48,
          .positions = 64,
          .vocabulary = 400,
          .warm_up = 2,
          .decay_steps = 4,
          .measure_every = 100,
          .save_every = 3,
          .phases = {{.until = 4, .length = 32, .rows = 4, .shards = 2},
                     {.length = 64, .rows = 3, .shards = 4}}};
}

std::vector<double> losses(const TrainOptions& options, int killed_after = 1000) {
  std::vector<double> seen;
  train(options, [&](const TrainingProgress& progress) {
    seen.push_back(progress.loss);
    // Stops like a kill, without writing a checkpoint.
    if (progress.step == killed_after) throw core::Error("killed");
    return true;
  });
  return seen;
}

TEST(Training, LowersTheLoss) {
  const TemporaryDirectory folder;
  auto options = tiny(folder.path());
  options.steps = 60;
  const auto seen = losses(options);
  EXPECT_LT(seen.back(), seen.front() - 0.5);
}

TEST(Training, ContinuesAfterAKillAsIfNothingHadHappened) {
  const TemporaryDirectory whole, killed;
  const auto expected = losses(tiny(whole.path()));
  EXPECT_THROW(losses(tiny(killed.path()), 5), core::Error);
  const auto resumed = losses(tiny(killed.path()));
  ASSERT_EQ(expected.size(), 8u);
  EXPECT_THAT(resumed, ElementsAreArray(expected.begin() + 3, expected.end()));
  EXPECT_EQ(core::read_file(killed.path() / "model" / "model.safetensors"),
            core::read_file(whole.path() / "model" / "model.safetensors"));
}

TEST(Training, GivesTheSameForAnyNumberOfThreads) {
  const TemporaryDirectory one, three;
  auto options = tiny(one.path());
  options.threads = 1;
  const auto expected = losses(options);
  options.directory = three.path();
  options.threads = 3;
  EXPECT_EQ(losses(options), expected);
}

TEST(Training, RefusesACheckpointOfAnotherShape) {
  const TemporaryDirectory folder;
  auto options = tiny(folder.path());
  options.steps = 3;
  losses(options);
  options.width = 96;
  options.steps = 8;
  EXPECT_THROW(losses(options), core::Error);
}

TEST(TrainedModel, OpensAndGivesTheTrainersLogits) {
  const TemporaryDirectory folder;
  const std::string text = "Once upon a time there was a miller. He had a mill.";
  const auto vocabulary = train_byte_pairs(text, 280);
  TrainingModel trained({.layers = 2,
                         .width = 48,
                         .positions = 64,
                         .vocabulary = static_cast<int>(vocabulary.tokens.size())},
                        3);
  // Values are rounded to the file's precision, which must not count as a difference.
  trained.values().copy_(trained.values().to(at::kHalf));
  export_model(trained, vocabulary, folder.path());

  const auto opened = model::open_model(folder.path(), checkpoint::WeightDtype::f32);
  ASSERT_TRUE(opened.tokenizer);
  const auto tokens = opened.tokenizer->encode(text);
  EXPECT_EQ(opened.tokenizer->decode(tokens), text);
  BytePairEncoder encoder(vocabulary);
  std::vector<int> expected;
  for (const auto word : split_words(text)) {
    const auto& ids = encoder.encode_word(word);
    expected.insert(expected.end(), ids.begin(), ids.end());
  }
  EXPECT_EQ(tokens, expected);

  decode::Session session(opened.model, 1);
  const auto lane = session.add_lane({.knobs = {.policy = "full"}});
  session.prefill(lane, tokens);
  const auto input = at::tensor(tokens, at::kLong).unsqueeze(0);
  const auto positions = at::arange(input.size(1), at::kLong).unsqueeze(0);
  const auto logits = trained.forward(input, positions)[0][-1].contiguous();
  const std::vector<float> wanted(logits.data_ptr<float>(),
                                  logits.data_ptr<float>() + logits.numel());
  EXPECT_THAT(session.lane(lane).logits(), Pointwise(FloatNear(1e-4F), wanted));
}

}  // namespace
}  // namespace sketchscope::train
