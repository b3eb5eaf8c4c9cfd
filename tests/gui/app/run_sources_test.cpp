#include "gui/app/run_sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "gui/app/app.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

class SavedRunWindow : public test::OffscreenWindow {
 protected:
  void save(int steps) {
    source_.advance(steps / 2);
    source_.send(run::command::SetKnob{"max_cache_size", "96"}, {});
    source_.advance(steps - steps / 2);
    run::save_run(file_, run_to_save(source_));
  }

  support::TemporaryDirectory folder_;
  std::filesystem::path file_ = folder_.path() / "run.scope";
  test::InventedSource source_{{}, false};
};

plot::Image picture_of(platform::Platform& platform, view::RunSource& source) {
  App app(platform, source);
  for (int frame = 0; frame < 3; ++frame) app.frame();
  // Buttons tell a live run from a saved one, and so does the last line of the card that offers to
  // repeat the run; nothing else may.
  plot::Image image = platform.screenshot({});
  const plot::Rect why = app.items().find("why")->rect;
  constexpr float kLine = 30;
  const plot::Rect offer{why.left, why.bottom - kLine, why.center().x, why.bottom};
  for (std::size_t at = 0; at < image.pixels.size(); ++at) {
    const auto index = static_cast<int>(at);
    const plot::Point pixel{static_cast<float>(index % image.width),
                            static_cast<float>(index / image.width)};
    constexpr float kRunBar = 60;
    if (pixel.y < kRunBar || offer.contains(pixel)) image.pixels[at] = {};
  }
  return image;
}

TEST_F(SavedRunWindow, ShowsTheSamePanelsAsTheLiveRun) {
  save(200);
  FileSource saved(file_);
  EXPECT_EQ(saved.state()->applied, source_.state()->applied);
  EXPECT_EQ(saved.prompt(), source_.prompt());
  const plot::Image live = picture_of(*platform_, source_);
  platform_.reset();  // One window at a time.
  platform_ = platform::open_offscreen({1600, 1000});
  const plot::Image read = picture_of(*platform_, saved);
  EXPECT_TRUE(live.pixels == read.pixels);
}

TEST_F(SavedRunWindow, SaysOnceThatItStaysAsItIs) {
  save(50);
  FileSource saved(file_);
  App app(*platform_, saved);
  app.frame();
  EXPECT_FALSE(app.actions().find("play")->is_enabled());
  EXPECT_FALSE(app.actions().find("step")->is_enabled());
  saved.send(run::command::SetKnob{"sinks", "8"}, {});
  saved.send(run::command::Restart{}, {});
  EXPECT_EQ(saved.take_notices().size(), 1U);
  app.frame();
  EXPECT_EQ(app.history().size(), 50U);
}

TEST_F(SavedRunWindow, ShowsTheNotesThatItWasSavedWith) {
  source_.advance(40);
  const std::vector<run::StepNote> notes = {{12, "the cap is reached"}};
  run::save_run(file_, run_to_save(source_, notes));
  FileSource saved(file_);
  App app(*platform_, saved);
  app.frame();
  EXPECT_EQ(app.notes(), notes);
}

TEST_F(SavedRunWindow, IsNotSavedBeforeItsFirstStep) {
  EXPECT_THROW(run_to_save(source_), core::Error);
}

}  // namespace
}  // namespace sketchscope::app
