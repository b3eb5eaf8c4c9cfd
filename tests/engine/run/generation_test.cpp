#include "engine/run/watched_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/files.hpp"
#include "engine/model/families/family.hpp"
#include "tests/support/named_weights.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

std::vector<int> generated(const std::vector<int>& ends, bool stop_at_end_of_text) {
  support::TinyModelOptions tiny;
  tiny.config.ends_of_text = ends;
  return generate(support::make_tiny_model(tiny),
                  {.knobs = {.policy = "full"},
                   .prompt = {5, 6, 7},
                   .max_new_tokens = 12,
                   .stop_at_end_of_text = stop_at_end_of_text},
                  {}, {})
      .tokens;
}

TEST(Generation, StopsBeforeAnyOfTheTokensThatEndAText) {
  const std::vector<int> whole = generated({}, true);
  ASSERT_EQ(whole.size(), 12U);
  const auto first = std::ranges::find(whole, whole[4]);
  EXPECT_EQ(generated({259, whole[4]}, true), std::vector<int>(whole.begin(), first));
  EXPECT_EQ(generated({whole[4], 259}, true), std::vector<int>(whole.begin(), first));
  EXPECT_EQ(generated({259, whole[4]}, false), whole);
}

TEST(Generation, WritesUnderARepetitionPenaltyWhatHuggingFaceWrites) {
  const auto json = nlohmann::json::parse(core::read_text_file(
      std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/sampler.json"));
  for (const auto& one : json.at("greedy")) {
    const support::TemporaryDirectory directory;
    support::write_bytes(directory.path() / "config.json", one.at("config").dump());
    const model::ModelConfig config = model::read_model_config(directory.path());
    const auto model = std::make_shared<const model::Model>(
        config, support::named_weights(config, one.at("case").get<std::string>()),
        checkpoint::WeightDtype::f32);
    const std::vector<int> expected = one.at("new_tokens");
    settings::Knobs knobs{.policy = "full"};
    knobs.repetition_penalty = one.at("repetition_penalty");
    EXPECT_EQ(generate(model,
                       {.knobs = knobs,
                        .prompt = one.at("prompt"),
                        .max_new_tokens = static_cast<int>(expected.size()),
                        .stop_at_end_of_text = false},
                       {}, {})
                  .tokens,
              expected)
        << one.at("case") << " with penalty " << knobs.repetition_penalty;
  }
}

TEST(Generation, TakesAnotherRepetitionPenaltyAtTheNextStep) {
  settings::Knobs knobs{.policy = "full"};
  WatchedRun run(support::make_tiny_model(), {.knobs = knobs, .prompt = {5, 6, 7}});
  knobs.repetition_penalty = 10;
  while (run.prompt_pending()) run.step();
  run.set_knobs(knobs);
  const record::StepRecord record = run.step();
  ASSERT_EQ(record.changes.size(), 1U);
  EXPECT_EQ(record.changes.front().knob, "repetition_penalty");
  std::set<int> seen(run.lane().tokens().begin(), run.lane().tokens().end());
  for (int step = 0; step < 30; ++step) {
    EXPECT_TRUE(seen.insert(run.next_token().value()).second) << "a token came again";
    run.step();
  }
}

TEST(Generation, KeepsTheLayersOfItsLastStepWhereTheyAreAskedFor) {
  GenerationOptions options{
      .knobs = {.max_cache_size = 8}, .prompt = {5, 6, 7}, .max_new_tokens = 12, .twin = true};
  EXPECT_TRUE(generate(support::make_tiny_model(), options, {}, {}).layers.empty());
  options.keep_layers = true;
  const Generation kept = generate(support::make_tiny_model(), options, {}, {});
  ASSERT_FALSE(kept.layers.empty());
  for (const LayerState& layer : kept.layers) {
    EXPECT_EQ(layer.tables.at(0).positions.size(), 8U);
    EXPECT_EQ(layer.cells.size(), 4U * 512U);
    EXPECT_FALSE(layer.attention.empty());
    EXPECT_FALSE(layer.twin_attention.empty());
  }
}

}  // namespace
}  // namespace sketchscope::run
