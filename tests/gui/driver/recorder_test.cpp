#include "gui/driver/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "gui/driver/run_script.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/values.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::driver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ScriptWords, AreReadAsTheyWereWritten) {
  for (const std::string text : {"plain", "two words", "", "a \"quoted\" one", "line\nbreak",
                                 "back\\slash", "#no comment"}) {
    const auto lines = parse_script("type " + script_word(text));
    ASSERT_EQ(lines.size(), 1U) << text;
    EXPECT_EQ(lines[0].words.at(1), text);
  }
}

TEST(KnobLines, LeadFromOneConfigurationToAnotherOverAllowedOnes) {
  const auto expect_reached = [](const settings::Knobs& from, const settings::Knobs& to) {
    settings::Knobs now = from;
    for (const std::string& line : knob_lines(from, to)) {
      const auto words = parse_script(line).at(0).words;
      settings::set_knob(now, words.at(1), words.at(2));
      EXPECT_NO_THROW(settings::check_knobs(now)) << line;
    }
    EXPECT_EQ(now, to);
  };
  expect_reached({}, {.max_cache_size = 3, .sinks = 1, .recent_window = 1});
  expect_reached({.max_cache_size = 3, .sinks = 1}, {.max_cache_size = 512, .sinks = 300});
  expect_reached({}, {.policy = "window", .sketch_seed = 1'234'567, .temperature = 1.25});
  EXPECT_TRUE(knob_lines({}, {}).empty());
}

class RecordedWindow : public test::OffscreenWindow {
 protected:
  /// The result of a script in a new window: values by path, and the saved recording, if any.
  Values run(const std::string& text) {
    support::write_bytes(folder_.path() / "case.script", text);
    if (!platform_) platform_ = platform::open_offscreen({1600, 1000});
    test::InventedSource source;
    {
      app::App app(*platform_, source);
      app.set_export_folder(out_);
      const ScriptResult result = run_script(app, folder_.path() / "case.script", out_);
      for (const auto& one : result.cases) EXPECT_EQ(one.failure, "") << text;
      app.frame();
      values_ = collect_values(app);
    }
    platform_.reset();
    return values_;
  }

  std::string recording() {
    for (const auto& file : std::filesystem::directory_iterator(out_)) {
      if (file.path().extension() == ".script") return core::read_file(file.path());
    }
    return "";
  }

  support::TemporaryDirectory folder_;
  std::filesystem::path out_ = folder_.path() / "out";
  Values values_;
};

TEST_F(RecordedWindow, DoesAgainWhatAPersonDidWhenItsScriptIsRun) {
  const Values first = run(R"(
    set sinks 6
    speed 200
    advance 80
    click record
    drag Knobs/max_cache_size 64
    click play
    wait step 120
    click pause
    drag Run/speed 50
    click Knobs/policy
    click Knobs/policy/window
    click ten_steps
    wait state paused
    click hide_memory
    click text 0.3 0.5
    click evictions/sort_score
    sweep next-token-kl 0.3 0.6 0.6 0.6
    key Down
    click follow
    click evictions 0.4 0.4
    click evictions/search
    type "L1 p2"
    key Enter
    click Run/step
    click stop_recording
    expect errors.count == 0
  )");
  const std::string script = recording();
  EXPECT_THAT(script, HasSubstr("set max_cache_size 64"));
  EXPECT_THAT(script, HasSubstr("set policy window"));
  EXPECT_THAT(script, HasSubstr("click evictions 0."));
  EXPECT_THAT(script, HasSubstr("type \"L1 p2\""));
  EXPECT_THAT(script, HasSubstr("expect wanted.max_cache_size == 64"));
  EXPECT_THAT(script, Not(HasSubstr("click record")));
  EXPECT_THAT(script, Not(HasSubstr("click Run")));
  const Values again = run(script);
  for (const char* path : {"wanted.sinks", "wanted.max_cache_size", "wanted.policy", "state.phase",
                           "selection.layer", "selection.locked_position", "state.speed"}) {
    EXPECT_EQ(again.at(path), first.at(path)) << path << "\n" << script;
  }
}

TEST_F(RecordedWindow, WritesWhatWasPickedInPopupsNotHowTheyOpened) {
  run(R"(
    wait step 5
    click record
    click palette
    type "pause"
    key Enter
    click prompt
    key Escape
    click stop_recording
  )");
  EXPECT_THAT(recording(), HasSubstr("click pause"));
  EXPECT_THAT(recording(), Not(HasSubstr("palette")));
  EXPECT_THAT(recording(), Not(HasSubstr("click prompt")));
  EXPECT_THAT(recording(), Not(HasSubstr("type")));
}

}  // namespace
}  // namespace sketchscope::driver
