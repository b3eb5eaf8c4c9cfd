#include "gui/app/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

TEST(Settings, AreReadAsTheyWereWritten) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "new folder" / "settings.json";
  EXPECT_EQ(read_settings(file), Settings()) << "none yet";
  Settings settings{
      .brightness = plot::Brightness::light, .palette = plot::Palette::safe, .zoom = 1.25F};
  settings.layout = {.hidden = {"why"}, .left = 1.25F, .below = 0.875F};
  settings.saved_layouts["2"] = {.hidden = {"memory", "sketch"}};
  settings.export_folder = "/figures/of the paper";
  view::keep_preset(settings.presets, "mine",
                    {.policy = "window", .max_cache_size = 48, .sinks = 2});
  write_settings(file, settings);
  EXPECT_EQ(read_settings(file), settings);
}

TEST(Settings, LeaveOutPresetsOfAnotherVersionsKnobs) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "settings.json";
  support::write_bytes(file, R"({"presets": [{"name": "new", "knobs": {"policy": "psychic"}},
                                             {"name": "old", "knobs": {"policy": "window"}}]})");
  const Settings settings = read_settings(file);
  ASSERT_EQ(settings.presets.size(), 1U);
  EXPECT_EQ(settings.presets.front().name, "old");
}

TEST(Settings, HaveNumbersThatAPersonCouldSetWhateverTheFileSays) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "settings.json";
  for (const char* number : {"0", "-1", "0.0001", "1e300", "-1e300", "1e-300", "2.6"}) {
    const std::string text = number;
    support::write_bytes(file, R"({"zoom": )" + text + R"(, "layout": {"left": )" + text +
                                   R"(, "below": )" + text + R"(}, "layouts": {"1": {"right": )" +
                                   text + "}}}");
    const Settings settings = read_settings(file);
    EXPECT_GE(settings.zoom, Settings::kSmallestZoom) << text;
    EXPECT_LE(settings.zoom, Settings::kLargestZoom) << text;
    for (const float share :
         {settings.layout.left, settings.layout.below, settings.saved_layouts.at("1").right}) {
      EXPECT_GE(share, LayoutChoice::kSmallest) << text;
      EXPECT_LE(share, LayoutChoice::kLargest) << text;
    }
  }
}

TEST(Settings, LeaveOutPresetsThatCouldNotRun) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "settings.json";
  support::write_bytes(file, R"({"presets": [
      {"name": "no slots", "knobs": {"max_cache_size": 0}},
      {"name": "sinks alone", "knobs": {"max_cache_size": 4, "sinks": 8}},
      {"name": "good", "knobs": {"max_cache_size": 9, "sinks": 8}}]})");
  const Settings settings = read_settings(file);
  ASSERT_EQ(settings.presets.size(), 1U);
  EXPECT_EQ(settings.presets.front().name, "good");
}

TEST(Settings, RefuseADamagedFileWithItsName) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "settings.json";
  for (const char* text : {"", "{", "[]", R"({"zoom": "large"})", R"({"zoom": NaN})",
                           R"({"zoom": 1e999})", R"({"layout": 3})"}) {
    support::write_bytes(file, text);
    EXPECT_THROW(read_settings(file), core::Error) << text;
  }
}

TEST(Settings, OfALaterFormatAreRefusedWithWhoReadsThem) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "settings.json";
  write_settings(file, {.zoom = 1.25F});
  const auto json = nlohmann::json::parse(core::read_file(file));
  EXPECT_EQ(json.at("read_by"), "sketchscope 0.1.0 and later");
  support::write_bytes(
      file, R"({"schema": "sketchscope/settings/9", "read_by": "sketchscope 7.0 and later"})");
  EXPECT_THAT([&] { (void)read_settings(file); },
              ::testing::ThrowsMessage<core::Error>(
                  ::testing::AllOf(::testing::HasSubstr("sketchscope/settings/9"),
                                   ::testing::HasSubstr("sketchscope 7.0 and later"))));
}

TEST(Settings, LieWhereTheXdgSpecificationPutsThem) {
  setenv("XDG_CONFIG_HOME", "/somewhere", 1);
  EXPECT_EQ(settings_file(), "/somewhere/sketchscope/settings.json");
  setenv("XDG_CONFIG_HOME", "relative", 1);
  setenv("HOME", "/home/mira", 1);
  EXPECT_EQ(settings_file(), "/home/mira/.config/sketchscope/settings.json");
  unsetenv("XDG_CONFIG_HOME");
}

class Remembering : public test::OffscreenWindow {
 protected:
  support::TemporaryDirectory folder_;
  std::filesystem::path file_ = folder_.path() / "settings.json";
  test::InventedSource source_{{}, false};
};

TEST_F(Remembering, FindsTheirLooksAndLayoutAgainAtTheNextStart) {
  {
    App app(*platform_, source_, file_);
    app.frame();
    for (const char* action : {"light", "hide_why", "save_layout_1", "larger"}) {
      app.actions().find(action)->run();
      app.frame();
    }
  }
  App app(*platform_, source_, file_);
  for (int frame = 0; frame < 2; ++frame) app.frame();
  EXPECT_EQ(app.settings().brightness, plot::Brightness::light);
  EXPECT_GT(app.settings().zoom, 1);
  EXPECT_FALSE(app.items().find("why"));
  app.actions().find("usual_layout")->run();
  for (int frame = 0; frame < 2; ++frame) app.frame();
  EXPECT_TRUE(app.items().find("why"));
  EXPECT_TRUE(app.actions().find("layout_1")->is_enabled());
  EXPECT_FALSE(app.actions().find("layout_2")->is_enabled());
}

TEST_F(Remembering, StartsWhateverZoomTheFileNames) {
  for (const char* zoom : {"0", "-1", "0.0001", "1e300"}) {
    support::write_bytes(file_, std::string(R"({"zoom": )") + zoom + "}");
    App app(*platform_, source_, file_);
    app.frame();
    EXPECT_TRUE(app.notices().errors().empty()) << zoom;
  }
}

TEST_F(Remembering, StartsWithItsDefaultsAndSaysSoWhereTheFileIsDamaged) {
  support::write_bytes(file_, "{");
  App app(*platform_, source_, file_);
  app.frame();
  ASSERT_EQ(app.notices().errors().size(), 1U);
  EXPECT_THAT(app.notices().errors()[0], ::testing::HasSubstr("settings.json"));
  app.actions().find("light")->run();
  app.frame();
  EXPECT_EQ(core::read_file(file_), "{") << "what a person may still want to mend";
}

}  // namespace
}  // namespace sketchscope::app
