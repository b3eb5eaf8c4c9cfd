#include "gui/app/export_place.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "gui/app/app.hpp"
#include "gui/driver/simulated_input.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ExportName, SaysWhatIsInItAndOfWhichRun) {
  test::InventedRun run(test::InventedRunOptions{});
  view::History history;
  for (int step = 0; step < 40; ++step) history.append(run.step());
  run::ModelInfo model;
  model.name = "my/tales 2";
  settings::Knobs knobs;
  EXPECT_THAT(export_name("memory", history, model, knobs),
              HasSubstr("sketchscope-memory-my-tales-2-sketch-128-run"));
  EXPECT_THAT(export_name("memory", history, model, knobs), ::testing::EndsWith("-step39"));
  knobs.policy = "full";
  EXPECT_THAT(export_name("memory", history, model, knobs), HasSubstr("-full-run"));
}

class SaveAs : public test::OffscreenWindow {
 protected:
  void SetUp() override {
    test::OffscreenWindow::SetUp();
    if (!platform_) return;
    source_.advance(60);
    app_.emplace(*platform_, source_, folder_.path() / "settings.json");
    input_.emplace(*app_);
    app_->frame();
  }

  /// Types a path over the one that is offered, then presses Enter.
  void answer(const fs::path& path) {
    app_->frame();
    input_->press_key({.key = platform::key_of('A'), .control = true});
    input_->type(path.string());
    input_->press_key({.key = platform::Key::enter});
    app_->frame();
    app_->frame();
  }

  support::TemporaryDirectory folder_;
  test::InventedSource source_{{}, false};
  std::optional<App> app_;
  std::optional<driver::SimulatedInput> input_;
};

TEST_F(SaveAs, WritesTheFileThatWasTypedAndKeepsItsFolder) {
  const fs::path figures = folder_.path() / "figures";
  fs::create_directory(figures);
  app_->actions().run("save_as_memory");
  answer(figures / "bytes.csv");
  EXPECT_TRUE(fs::exists(figures / "bytes.csv"));
  EXPECT_THAT(app_->notices().errors(), IsEmpty());
  EXPECT_EQ(app_->settings().export_folder, figures);
  app_->actions().run("svg_memory");
  app_->frame();
  const auto files = std::distance(fs::directory_iterator(figures), fs::directory_iterator());
  EXPECT_EQ(files, 2) << "later files go there too";
  EXPECT_EQ(read_settings(folder_.path() / "settings.json").export_folder, figures);
}

TEST_F(SaveAs, ReplacesAFileOnlyWhereEnterIsPressedAgain) {
  const fs::path file = folder_.path() / "run.scope";
  support::write_bytes(file, "mine");
  app_->actions().run("save_run_as");
  answer(file);
  EXPECT_EQ(support::read_bytes(file), "mine");
  input_->press_key({.key = platform::Key::enter});
  app_->frame();
  EXPECT_NE(support::read_bytes(file), "mine");
}

TEST_F(SaveAs, RefusesEndingsAndFoldersThatThereAreNot) {
  app_->actions().run("save_as_memory");
  answer(folder_.path() / "bytes.jpg");
  EXPECT_FALSE(fs::exists(folder_.path() / "bytes.jpg"));
  answer(folder_.path() / "nowhere" / "bytes.csv");
  EXPECT_TRUE(app_->settings().export_folder.empty());
  answer(folder_.path() / "bytes.csv");
  EXPECT_TRUE(fs::exists(folder_.path() / "bytes.csv"));
}

}  // namespace
}  // namespace sketchscope::app
