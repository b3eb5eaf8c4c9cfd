// Every panel in both themes against the pictures in tests/golden/panels.
// SKETCHSCOPE_GOLDEN=update in the environment makes them anew (scripts/make_panel_pictures).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "gui/app/app.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/platform/picture.hpp"
#include "tests/gui/panels/golden_image.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::panels {
namespace {

const std::filesystem::path kGoldens =
    std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/panels";

bool makes_anew() {
  const char* wanted = std::getenv("SKETCHSCOPE_GOLDEN");
  return wanted != nullptr && std::string_view(wanted) == "update";
}

class GoldenImages : public test::OffscreenWindow,
                     public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    platform_ = nullptr;
    try {
      platform_ = platform::open_offscreen({1280, 800});
    } catch (const core::Error& error) {
      GTEST_SKIP() << error.what();
    }
    source_.advance(120);
    source_.send(run::command::SetKnob{"max_cache_size", "96"}, {});
    source_.advance(60);
    app_.emplace(*platform_, source_);
    app_->frame();
    app_->selection().layer = 2;
    app_->selection().locked_position = 100;
  }

  plot::Image picture(const std::string& panel) {
    if (const widgets::Action* front = app_->actions().find("front_" + panel)) front->run();
    for (int frame = 0; frame < 3; ++frame) app_->frame();
    const auto file = folder_.path() / "made.png";
    app_->save_figure({.panel = panel}, file);
    return platform::read_png(file);
  }

  support::TemporaryDirectory folder_;
  test::InventedSource source_{{}, false};
  std::optional<app::App> app_;
};

TEST_P(GoldenImages, LookAsTheyDidWhenAPersonLastLookedAtThem) {
  const auto key_file = kGoldens / "made_with.txt";
  if (makes_anew()) {
    core::make_folder(kGoldens);
    core::write_file(key_file, test::golden_key());
  } else if (!std::filesystem::exists(key_file)) {
    GTEST_SKIP() << "no pictures were made yet: scripts/make_panel_pictures";
  } else if (core::read_file(key_file) != test::golden_key()) {
    GTEST_SKIP() << "other letters than the pictures were made with; now\n" << test::golden_key();
  }
  app_->actions().find(GetParam())->run();
  for (const PanelKind& kind : panel_kinds()) {
    const std::string name = std::string(kind.name) + "-" + GetParam() + ".png";
    const plot::Image made = picture(std::string(kind.name));
    if (makes_anew()) {
      platform::write_png(kGoldens / name, made);
      continue;
    }
    ASSERT_TRUE(std::filesystem::exists(kGoldens / name)) << "run scripts/make_panel_pictures";
    const plot::Image golden = platform::read_png(kGoldens / name);
    const platform::PictureDistance apart = platform::picture_distance(golden, made);
    if (apart.within(platform::PictureTolerance())) continue;
    const auto failed = std::filesystem::current_path() / "golden_failures" / name;
    core::make_folder(failed.parent_path());
    platform::write_png(failed, platform::side_by_side(golden, made));
    ADD_FAILURE() << name << (apart.same_size ? "" : " has another size,") << " "
                  << apart.share_beyond * 100 << " % of its pixels are off, one by " << apart.most
                  << " of 255; golden, made and difference: " << failed;
  }
}

INSTANTIATE_TEST_SUITE_P(Themes, GoldenImages, ::testing::Values("dark", "light"),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace sketchscope::panels
