#include "gui/view/presets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/core/error.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::view {
namespace {

TEST(Presets, AreKnobsThatARunCanHaveEachUnderANameOfItsOwn) {
  std::set<std::string> names;
  for (const Preset& preset : built_in_presets()) {
    EXPECT_NO_THROW(settings::check_knobs(preset.knobs)) << preset.name;
    EXPECT_NO_THROW(settings::check_model(preset.knobs, model::ModelConfig{})) << preset.name;
    EXPECT_TRUE(names.insert(preset.name).second) << preset.name;
    EXPECT_NE(preset.help, "") << preset.name;
    EXPECT_EQ(preset_of(preset.knobs, built_in_presets()), &preset) << "no two are the same";
  }
  EXPECT_EQ(built_in_presets().front().knobs, settings::Knobs()) << "the defaults come first";
}

TEST(Presets, LeaveSamplingAndBranchingAsTheyAre) {
  const settings::Knobs mine{
      .sinks = 9, .temperature = 0.7, .seed = 5, .threshold = 0.2, .max_paths = 3};
  for (const Preset& preset : built_in_presets()) {
    const settings::Knobs changed = with_preset(mine, preset);
    EXPECT_EQ(changed.temperature, 0.7);
    EXPECT_EQ(changed.seed, 5U);
    EXPECT_EQ(changed.threshold, 0.2);
    EXPECT_EQ(changed.max_paths, 3);
    EXPECT_EQ(changed.policy, preset.knobs.policy);
    EXPECT_EQ(changed.sinks, preset.knobs.sinks);
    EXPECT_EQ(preset_of(changed, built_in_presets()), &preset);
  }
}

TEST(KeepPreset, TakesTheNewerOfOneNameAndRefusesTheProgramsOwn) {
  std::vector<Preset> presets;
  keep_preset(presets, "mine", {.sinks = 1});
  keep_preset(presets, "mine", {.sinks = 2});
  ASSERT_EQ(presets.size(), 1U);
  EXPECT_EQ(presets.front().knobs.sinks, 2);
  EXPECT_THROW(keep_preset(presets, "defaults", {}), core::UsageError);
  EXPECT_THROW(keep_preset(presets, "", {}), core::UsageError);
  EXPECT_THROW(keep_preset(presets, "  ", {}), core::UsageError);
}

TEST(Presets, GoByTheNameThatWasGivenLast) {
  std::vector<Preset> presets;
  keep_preset(presets, "first", {.sinks = 3});
  keep_preset(presets, "second", {.sinks = 3});
  EXPECT_EQ(preset_of({.sinks = 3}, presets)->name, "second");
}

}  // namespace
}  // namespace sketchscope::view
