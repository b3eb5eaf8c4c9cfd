// Walks the whole action table: in order, and at random.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include <filesystem>

#include "engine/core/random.hpp"
#include "gui/app/app.hpp"
#include "gui/app/run_sources.hpp"
#include "gui/driver/simulated_input.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/widgets/popup.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/gui/platform/virtual_display.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::app {
namespace {

class EveryAction : public test::OffscreenWindow {
 protected:
  void SetUp() override {
    test::OffscreenWindow::SetUp();
    if (IsSkipped()) return;
    source_.advance(150);
    app_.emplace(*platform_, source_);
    app_->set_export_folder(folder_.path());
    app_->frame();
    app_->frame();
  }

  void forget_files() {
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
      std::filesystem::remove(file.path());
    }
  }

  /// Invariants that hold after every action.
  void expect_sound() {
    const widgets::Selection& selection = app_->selection();
    const auto steps = static_cast<std::int64_t>(app_->history().size());
    EXPECT_GE(selection.layer, 0);
    EXPECT_LT(selection.layer, source_.model().config.layers);
    if (selection.locked_step) {
      EXPECT_GE(*selection.locked_step, 0);
    }
    const view::StepRange range = selection.window.range(steps);
    EXPECT_LT(range.first, range.last);
    EXPECT_GE(app_->settings().zoom, 0.7F);
    EXPECT_LE(app_->settings().zoom, 2.5F);
    for (const auto& record : app_->history().records()) {
      const settings::Knobs knobs =
          view::knobs_at(app_->history(), app_->state().applied, record->step);
      if (!knobs.policy->evicts || record->prompt_tokens > 0) continue;
      for (const record::LayerRecord& layer : record->layers) {
        ASSERT_LE(layer.stored, knobs.max_cache_size) << "step " << record->step;
      }
    }
  }

  support::TemporaryDirectory folder_;
  test::InventedSource source_{{}, false};
  std::optional<App> app_;
};

TEST_F(EveryAction, RunsFromTheTableWithoutAnError) {
  ImGui::SetClipboardText("A text for the actions that read the clipboard.");
  for (const widgets::Action& action : app_->actions().all()) {
    if (action.name == "quit") continue;
    if (action.is_enabled()) action.run();
    app_->frame();
    app_->frame();
    EXPECT_THAT(app_->notices().errors(), ::testing::IsEmpty()) << action.name;
    forget_files();
  }
  expect_sound();
}

TEST_F(EveryAction, SaysInTheTableWhatItDoesAndWhichPanelItIsAbout) {
  for (const widgets::Action& action : app_->actions().all()) {
    EXPECT_NE(action.title, "") << action.name;
    EXPECT_TRUE(action.run) << action.name;
    const bool ends_in_panel = !action.panel.empty() && action.name.ends_with(action.panel);
    EXPECT_TRUE(action.panel.empty() || ends_in_panel) << action.name;
  }
}

/// 10,000 with SKETCHSCOPE_RANDOM_ACTIONS=10000 in the environment.
int random_actions(int otherwise = 300) {
  const char* wanted = std::getenv("SKETCHSCOPE_RANDOM_ACTIONS");
  return wanted != nullptr ? std::atoi(wanted) : otherwise;
}

TEST_F(EveryAction, LeavesASoundWindowInWhateverOrderItRuns) {
  core::SplitMix64 random(20);
  const auto actions = app_->actions().all();
  for (int done = 0; done < random_actions(); ++done) {
    const widgets::Action& action = actions[random.below(actions.size())];
    const bool draws = action.name.starts_with("png") || action.name.starts_with("svg");
    // Pictures are slow to draw in software: one in twenty is enough.
    const bool left_out = action.name == "quit" || (draws && random.below(20) != 0);
    if (!left_out && action.is_enabled()) action.run();
    if (random.below(4) == 0) source_.advance(static_cast<int>(random.below(3)));
    app_->frame();
    if (done % 100 == 99) {
      SCOPED_TRACE("after " + std::to_string(done + 1) + " actions, the last " + action.name);
      expect_sound();
      forget_files();
    }
  }
}

enum class Screen : std::uint8_t { memory, x_server };

/// Runs all actions on the real engine, with a model so small that every run soon reaches its end,
/// in a window in memory and in one of the desktop.
class EveryActionOfALiveRun : public ::testing::TestWithParam<Screen> {
 protected:
  void SetUp() override {
    try {
      open_window();
    } catch (const core::Error& error) {
      GTEST_SKIP() << error.what();
    }
    if (IsSkipped()) return;
    source_.emplace(support::tiny_loaded_model(), support::paused_worker(), platform_->waker());
    app_.emplace(*platform_, *source_);
    app_->set_export_folder(folder_.path());
    app_->frame();
  }

  void TearDown() override {
    app_.reset();
    source_.reset();
    platform_.reset();
  }

  void open_window() {
    if (GetParam() == Screen::memory) {
      platform_ = platform::open_offscreen({1600, 1000});
      return;
    }
    display_.emplace();
    if (!display_->is_there()) GTEST_SKIP() << "no Xvfb: install the package xvfb";
    platform_ = platform::open_desktop("SketchScope", {1280, 800});
  }

  /// Does something that a hand may do. Popups only get Escape: a click or Enter there may save a
  /// file in any folder.
  void disturb(driver::SimulatedInput& hand, core::SplitMix64& random) {
    if (widgets::Popup::any_is_open()) {
      hand.release();
      return hand.press_key({.key = platform::Key::escape});
    }
    const auto share = [&] { return static_cast<float>(random.below(1000)) / 1000; };
    const plot::Size size = platform_->size();
    switch (random.below(6)) {
      case 0:
      case 1:
        return hand.move({size.width * share(), size.height * share()});
      case 2:
        return hand.press();
      case 3:
        return hand.release();
      case 4:
        return hand.scroll(2 * share() - 1);
      default:
        if (random.below(8) == 0) platform_->resize({640 + 1200 * share(), 400 + 700 * share()});
    }
  }

  static void expect_sound(const view::History& history) {
    std::int64_t step = 0;
    int position = -1;
    for (const auto& record : history.records()) {
      ASSERT_EQ(record->step, step++);
      ASSERT_EQ(record->position, position + std::ssize(record->tokens));
      position = record->position;
      for (const record::LayerRecord& layer : record->layers) {
        ASSERT_LE(layer.stored, position + 1);
        if (layer.capacity) {
          ASSERT_LE(layer.stored, *layer.capacity) << "step " << record->step;
        }
        if (layer.retained_mass) {
          ASSERT_GE(*layer.retained_mass, -1e-5);
          ASSERT_LE(*layer.retained_mass, 1 + 1e-5);
        }
      }
      for (const record::EvictionRecord& eviction : record->evictions) {
        ASSERT_LE(eviction.position, position);
      }
    }
  }

  support::TemporaryDirectory folder_;
  std::optional<test::VirtualDisplay> display_;
  std::unique_ptr<platform::Platform> platform_;
  std::optional<WorkerSource> source_;
  std::optional<App> app_;
};

TEST_P(EveryActionOfALiveRun, LeavesSoundRecordsInWhateverOrderItRuns) {
  core::SplitMix64 random(21);
  driver::SimulatedInput hand(*app_);
  const auto actions = app_->actions().all();
  const int count = GetParam() == Screen::memory ? random_actions() : random_actions(100);
  for (int done = 0; done < count; ++done) {
    const widgets::Action& action = actions[random.below(actions.size())];
    const bool draws = action.name.starts_with("png") || action.name.starts_with("svg");
    const bool left_out = action.name == "quit" || (draws && random.below(40) != 0);
    if (!left_out && action.is_enabled()) action.run();
    disturb(hand, random);
    platform_->wait(0);
    app_->frame();
    if (random.below(6) == 0) {
      const auto steps = static_cast<std::int64_t>(app_->history().size());
      if (steps > 0) {
        app_->selection().locked_step =
            static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(steps)));
      }
    }
    if (random.below(10) == 0) source_->send(run::command::Restart{"1 2 3 4"}, {});
    if (done % 100 != 99) continue;
    SCOPED_TRACE("after " + std::to_string(done + 1) + " actions, the last " + action.name);
    source_->send(run::command::Pause{}, {});
    ASSERT_TRUE(support::wait_for([&] { return source_->idle(); }));
    app_->frame();
    EXPECT_NE(app_->state().phase, run::RunPhase::failed);
    expect_sound(app_->history());
    expect_sound(app_->facts().other_history);
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
      std::filesystem::remove(file.path());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Screens, EveryActionOfALiveRun,
                         ::testing::Values(Screen::memory, Screen::x_server),
                         [](const auto& screen) {
                           return screen.param == Screen::memory ? "in_memory"
                                                                 : "under_an_x_server";
                         });

}  // namespace
}  // namespace sketchscope::app
