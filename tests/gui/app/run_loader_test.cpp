#include "gui/app/run_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "gui/app/app.hpp"
#include "gui/app/run_sources.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::app {
namespace {

using ::testing::HasSubstr;

class OpeningWindow : public test::OffscreenWindow {
 protected:
  void SetUp() override {
    test::OffscreenWindow::SetUp();
    if (IsSkipped()) return;
    support::write_bytes(model_ / "config.json", "{}");
    auto first = std::make_unique<test::InventedSource>(test::InventedRunOptions{}, false);
    first->advance(50);
    source_.emplace(std::move(first));
    loader_.emplace(*source_, ModelAccess{.read = reader()}, platform_->waker());
    app_.emplace(*platform_, *source_, folder_.path() / "settings.json");
    app_->set_loader(*loader_);
    app_->frame();
  }

  ModelReader reader() {
    return [this](const std::filesystem::path&, const core::ProgressSink& progress) {
      for (int part = 0; part < parts_; ++part) {
        progress(static_cast<double>(part) / parts_);
        ++reports_;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      if (fails_)
        throw core::Error({.what = "the weights are cut short", .remedy = "Fetch them again"});
      return support::tiny_loaded_model();
    };
  }

  bool draw_until(const std::function<bool()>& condition) {
    return support::wait_for([&] {
      app_->frame();
      return condition();
    });
  }
  bool draw_until_opened() {
    return draw_until([&] { return app_->opening() == nullptr; });
  }

  support::TemporaryDirectory folder_;
  std::filesystem::path model_ = [this] {
    const auto model = folder_.path() / "gpt2";
    std::filesystem::create_directory(model);
    return model;
  }();
  std::atomic<int> reports_ = 0;
  int parts_ = 3;
  bool fails_ = false;
  std::optional<ReplaceableSource> source_;
  std::optional<RunLoader> loader_;
  std::optional<App> app_;
};

TEST_F(OpeningWindow, ShowsTheNewModelWhenItIsReadyAndTheOldOneUntilThen) {
  parts_ = 100;
  app_->open(model_);
  ASSERT_TRUE(draw_until([&] { return reports_ > 10; }));
  EXPECT_EQ(app_->history().size(), 50U);
  EXPECT_GT(app_->opening()->share(), 0);
  EXPECT_TRUE(app_->items().find("Opening/cancel"));
  ASSERT_TRUE(draw_until_opened());
  EXPECT_EQ(app_->source().model().name, "tiny");
  EXPECT_LT(app_->history().size(), 50U);
  ASSERT_TRUE(draw_until([&] { return app_->state().phase == run::RunPhase::paused; }));
  EXPECT_EQ(app_->state().wanted, test::InventedSource().state()->wanted);
  EXPECT_THAT(app_->notices().errors(), ::testing::IsEmpty());
}

TEST_F(OpeningWindow, KeepsTheRunWhereOpeningIsCancelled) {
  parts_ = 100000;
  app_->open(model_);
  ASSERT_TRUE(draw_until([&] { return reports_ > 2; }));
  app_->actions().find("cancel_open")->run();
  ASSERT_TRUE(draw_until_opened());
  EXPECT_LT(reports_, parts_);
  EXPECT_EQ(app_->history().size(), 50U);
  EXPECT_TRUE(app_->settings().recent.empty());
  EXPECT_THAT(app_->notices().errors(), ::testing::IsEmpty());
}

TEST_F(OpeningWindow, KeepsTheRunAndSaysWhatIsWrongWhereItFails) {
  fails_ = true;
  app_->open(model_);
  ASSERT_TRUE(draw_until_opened());
  EXPECT_EQ(app_->history().size(), 50U);
  ASSERT_EQ(app_->notices().errors().size(), 1U);
  EXPECT_THAT(app_->notices().errors()[0], HasSubstr("Fetch them again"));
  app_->open(folder_.path() / "nowhere");
  EXPECT_EQ(app_->notices().errors().size(), 2U);
}

TEST_F(OpeningWindow, TakesTheLastOfTwoThatWereDropped) {
  const auto run = folder_.path() / "run.scope";
  run::save_run(run, run_to_save(*source_));
  parts_ = 100000;
  platform_->drop(model_);
  app_->frame();
  platform_->drop(run);
  app_->frame();
  ASSERT_TRUE(draw_until_opened());
  EXPECT_EQ(app_->state().phase, run::RunPhase::saved);
  EXPECT_EQ(app_->history().size(), 50U);
  ASSERT_EQ(app_->settings().recent.size(), 1U);
  EXPECT_EQ(app_->settings().recent[0].kind, OpenTargetKind::run);
}

TEST_F(OpeningWindow, BeginsAnewFromATextThatWasDropped) {
  const auto text = folder_.path() / "prompt.txt";
  support::write_bytes(text, "The dog barked.");
  platform_->drop(text);
  app_->frame();
  EXPECT_EQ(source_->prompt(), "The dog barked.");
}

TEST_F(OpeningWindow, OffersWhatWasOpenedAgainAfterTheNextStart) {
  app_->open(model_);
  ASSERT_TRUE(draw_until_opened());
  app_.emplace(*platform_, *source_, folder_.path() / "settings.json");
  app_->set_loader(*loader_);
  const widgets::Action& again = *app_->actions().find("recent_1");
  EXPECT_TRUE(again.is_enabled());
  EXPECT_THAT(again.title, HasSubstr("gpt2"));
  EXPECT_FALSE(app_->actions().find("recent_2")->is_enabled());
  again.run();
  EXPECT_NE(app_->opening(), nullptr);
}

}  // namespace
}  // namespace sketchscope::app
