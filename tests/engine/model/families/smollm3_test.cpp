#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/model/families/config_options.hpp"
#include "engine/model/families/family.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::model {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ModelConfig smollm3(nlohmann::json options) {
  options["model_type"] = "smollm3";
  return read_model_config(ConfigOptions("a file of SmolLM3", std::move(options)));
}

TEST(SmolLm3, KnowsNoPositionsInEveryFourthLayerUnlessTheFileSaysWhichOrHowMany) {
  EXPECT_THAT(smollm3({}).unrotated_layers, ElementsAre(3, 7, 11, 15, 19, 23, 27, 31))
      << "of 32 layers";
  EXPECT_THAT(smollm3({{"num_hidden_layers", 5}, {"no_rope_layer_interval", 2}}).unrotated_layers,
              ElementsAre(1, 3));
  EXPECT_THAT(smollm3({{"num_hidden_layers", 3}, {"no_rope_layer_interval", 8}}).unrotated_layers,
              IsEmpty());
  const ModelConfig listed = smollm3(
      {{"num_hidden_layers", 4}, {"no_rope_layers", {0, 1, 1, 0}}, {"no_rope_layer_interval", 2}});
  EXPECT_THAT(listed.unrotated_layers, ElementsAre(0, 3));
  EXPECT_FALSE(listed.rotates(0));
  EXPECT_TRUE(listed.rotates(1));
  EXPECT_EQ(
      smollm3({{"num_hidden_layers", 4}, {"no_rope_layers", {false, true, 1, 0}}}).unrotated_layers,
      listed.unrotated_layers);
}

TEST(SmolLm3, RefusesAListOfAnotherLengthThanItsLayers) {
  EXPECT_THAT(
      [] {
        (void)smollm3({{"num_hidden_layers", 4}, {"no_rope_layers", {0, 1, 1}}});
      },
      ::testing::ThrowsMessage<core::Error>(AllOf(HasSubstr("no_rope_layers"), HasSubstr("4"))));
}

TEST(SmolLm3, RefusesAWindowThatCutsTheContextShort) {
  const nlohmann::json shape = {{"num_hidden_layers", 4}, {"max_position_embeddings", 64}};
  const auto with = [&](bool used, int window) {
    nlohmann::json options = shape;
    options["use_sliding_window"] = used;
    options["sliding_window"] = window;
    return options;
  };
  EXPECT_THAT([&] { (void)smollm3(with(true, 32)); },
              ::testing::ThrowsMessage<core::Error>(HasSubstr("sliding_window")));
  EXPECT_NO_THROW((void)smollm3(with(true, 64)));
  EXPECT_NO_THROW((void)smollm3(with(false, 32)));
}

TEST(SmolLm3, IsRefusedWithPositionsOfTheCacheOnlyWhereALayerKnowsNone) {
  settings::Knobs knobs;
  knobs.positions = settings::Positions::cache;
  const ModelConfig without = smollm3({{"num_hidden_layers", 8}});
  EXPECT_THAT([&] { settings::check_model(knobs, without); },
              ::testing::ThrowsMessage<core::Error>(HasSubstr("layer 3 knows no positions")));
  const ModelConfig everywhere = smollm3({{"num_hidden_layers", 2}, {"no_rope_layers", {1, 1}}});
  EXPECT_NO_THROW(settings::check_model(knobs, everywhere));
}

}  // namespace
}  // namespace sketchscope::model
