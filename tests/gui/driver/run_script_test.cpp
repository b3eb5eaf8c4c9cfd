#include "gui/driver/run_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::driver {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class RunScript : public test::OffscreenWindow {
 protected:
  ScriptResult run(std::string_view text, test::InventedRunOptions options = {}) {
    support::write_bytes(folder_.path() / "case.script", text);
    source_ = std::make_unique<test::InventedSource>(std::move(options));
    app::App app(*platform_, *source_);
    return run_script(app, folder_.path() / "case.script", out_);
  }

  /// The failure of a script of one case; empty if it passed.
  std::string failure(std::string_view text) { return run(text).cases.back().failure; }

  support::TemporaryDirectory folder_;
  std::filesystem::path out_ = folder_.path() / "out";
  std::unique_ptr<test::InventedSource> source_;
};

TEST_F(RunScript, WaitsForTheEngineAndReadsItsRecords) {
  const auto result = run(R"(
    wait step 200
    expect last.step >= 200
    expect layer.0.stored <= 128
    expect total.evictions > 0
    expect memory.kv_stored < memory.kv_full
  )");
  EXPECT_EQ(result.cases.back().actions, 5);
  EXPECT_EQ(result.cases.back().failure, "");
}

TEST_F(RunScript, ComparesAValueWithAnotherOneOrWithWhatStandsInQuotes) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 140
    expect memory.kv_stored < memory.kv_full
    expect memory.kv_full > memory.kv_stored
    expect applied.max_cache_size == wanted.max_cache_size
    expect model.name != "model.name"
  )"),
            "");
  EXPECT_THAT(failure("click pause\nadvance 140\nexpect memory.kv_stored > memory.kv_full"),
              ::testing::ContainsRegex("expected.* > memory.kv_full .[0-9]+"));
  EXPECT_THAT(failure("click pause\nadvance 1\nexpect memory.kv_stored < memory.kv_ful"),
              HasSubstr("two numbers"));
  EXPECT_THAT(failure("click pause\nadvance 1\nexpect memory.kv_stored < \"memory.kv_full\""),
              HasSubstr("two numbers"));
}

TEST_F(RunScript, TakesMeansAndExtremesOverStepsAndComparesThem) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 200
    expect mean(last.logit_kl) > 0
    expect mean(last.logit_kl,0,50) == 0
    expect mean(last.logit_kl,150,last.step) >= 0.02
    expect max(last.logit_kl,150,199) > mean(last.logit_kl,150,199)
    expect min(last.logit_kl,150,199) < mean(last.logit_kl,150,199)
    expect max(layer.0.stored) == applied.max_cache_size
    expect sum(last.evictions) == total.evictions
  )"),
            "");
  EXPECT_THAT(failure("click pause\nadvance 9\nexpect mean(last.entropi) != 0"),
              HasSubstr("last.entropy"));
  EXPECT_THAT(failure("click pause\nadvance 9\nexpect mean(last.logit_kl,0,999) == 0"),
              HasSubstr("steps 0 to "));
  EXPECT_THAT(failure("click pause\nadvance 9\nexpect mean(last.logit_kl,5,2) == 0"),
              HasSubstr("not before the first"));
  EXPECT_THAT(failure("click pause\nadvance 9\nexpect mean(last.logit_kl,5) == 0"),
              HasSubstr("mean(PATH,FIRST,LAST)"));
  EXPECT_THAT(failure("click pause\nadvance 9\nexpect median(last.logit_kl) == 0"),
              HasSubstr("nearest"));
  EXPECT_EQ(failure("click pause\nadvance 9\nexpect mean(layer.0.output_error) == absent"), "");
}

TEST_F(RunScript, SeesPerplexityAndHowCloseTheTextIs) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 60
    expect last.perplexity > 1
    expect last.perplexity > last.twin_perplexity
    expect max(last.perplexity) < 5
    expect given.tokens == 0
    expect given.perplexity_ratio == absent
    expect text.closeness == close
  )"),
            "");
}

TEST_F(RunScript, SeesAKnobTakeEffectAtTheNextStep) {
  EXPECT_EQ(failure(R"(
    wait step 150
    set max_cache_size 64
    expect change max_cache_size within 1 step
    expect applied.max_cache_size == 64
    expect layer.3.stored <= 64
  )"),
            "");
  EXPECT_THAT(source_->commands(), Contains("SetKnob max_cache_size 64"));
}

TEST_F(RunScript, DragsASliderToItsValue) {
  EXPECT_EQ(failure(R"(
    drag Run/speed 100
    expect state.speed >= 93
    expect state.speed <= 107
    drag Run/speed 5
    expect state.speed >= 4.6
    expect state.speed <= 5.4
  )"),
            "");
}

TEST_F(RunScript, ClicksButtonsAndRunsActions) {
  EXPECT_EQ(failure(R"(
    click Run/pause
    expect state.phase == paused
    click play
    expect state.phase == running
    key Space
    expect state.phase == paused
  )"),
            "");
  EXPECT_THAT(source_->commands(), ::testing::ElementsAre("Pause", "Play", "Pause"));
}

TEST_F(RunScript, ZoomsPansAndFitsAllStepAxesWithTheMouse) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 300
    scroll memory 3
    expect window.first > 20
    expect window.follows == false
    sweep memory 0.5 0.6 0.9 0.6
    expect window.first < 100
    key F
    expect window.first == 0
    sweep timeline 0.3 0.6 0.6 0.6
    expect window.first > 60
    expect window.last < 220
    expect selection.locked_step == absent
    click fit
    expect window.follows == true
  )"),
            "");
}

TEST_F(RunScript, LocksTheStepThatIsClickedInAnyChart) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 200
    click memory
    expect selection.locked_step > 50
    click memory
    expect selection.locked_step == absent
  )"),
            "");
}

TEST_F(RunScript, ComparesPicturesOfItemsAndSaysHowFarTheyAreApart) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 200
    screenshot before.png memory
    expect picture memory == before.png
    click light
    expect picture memory != before.png
    click dark
    expect picture memory == before.png
  )"),
            "");
  EXPECT_THAT(failure(R"(
    click pause
    advance 200
    screenshot window.png
    screenshot before.png memory
    click light
    expect picture memory == before.png
  )"),
              HasSubstr("% of its pixels are off"));
  EXPECT_TRUE(std::filesystem::exists(out_ / "difference-line-7.png"));
  EXPECT_THAT(failure("expect picture memory == nowhere.png"), HasSubstr("expected a PNG"));
}

TEST_F(RunScript, WritesTheLogOfEveryCaseIntoItsReport) {
  run("test one\nclick pause\ntest two\nadvance 3\nexpect last.step == 99");
  const std::string report = core::read_file(out_ / "junit.xml");
  EXPECT_THAT(report, HasSubstr("<system-out>line 2: click pause\n</system-out>"));
  EXPECT_THAT(report, HasSubstr("<system-out>line 4: advance 3\nline 5: expect last.step == 99"));
  EXPECT_THAT(report, HasSubstr("<failure message="));
}

TEST_F(RunScript, WritesANoteAboutTheStepShown) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 120
    key M
    type "the plot bends"
    key Enter
    expect notes.count == 1
    expect text timeline contains "the plot bends"
    click memory
    key M
    type x
    key Enter
    expect notes.count == 2
    click follow
    key M
    key Ctrl A
    key Delete
    key Enter
    expect notes.count == 1
    click restart
    advance 2
    expect notes.count == 0
  )"),
            "");
}

TEST_F(RunScript, RefusesANoteAboutARunThatHasEnded) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 50
    key M
    type ghost
    click restart
    key Enter
    expect notes.count == 0
    expect item Line/text shown
    key Escape
    expect item Line/text hidden
  )"),
            "");
}

TEST_F(RunScript, GivesEscapeToWhatLiesOnTop) {
  EXPECT_EQ(failure(R"(
    click pause
    advance 50
    click alone_knobs
    key F2
    key Escape
    expect item memory hidden
    click Knobs/policy
    key Space
    key Escape
    expect item Knobs/policy/window hidden
    expect item memory hidden
    expect state.phase == paused
    key Escape
    expect item memory shown
  )"),
            "");
}

TEST_F(RunScript, ListsEveryMessageOfTheSession) {
  EXPECT_EQ(failure(R"(
    click messages
    expect item Messages/copy hidden
    key Escape
    open nowhere.scope
    wait opened
    click dismiss
    key F2
    expect item Messages/sheet shown
    click Messages/copy
    expect clipboard contains nowhere.scope
  )"),
            "");
}

TEST_F(RunScript, TypesAPromptAndStartsFromIt) {
  EXPECT_EQ(failure(R"(
    wait step 5
    key Ctrl E
    key Ctrl A
    type "Mira found a key."
    click Prompt/start
    expect state.run == 2
  )"),
            "");
  EXPECT_EQ(source_->prompt(), "Mira found a key.");
}

TEST_F(RunScript, FindsAnActionByItsWords) {
  EXPECT_EQ(failure(R"(
    key Ctrl P
    type "newest"
    key Enter
    frames 2
  )"),
            "");
  const std::string missing = failure("key Ctrl P\ntype \"newest\"\nclick Palette/quit");
  EXPECT_THAT(missing, HasSubstr("Palette/follow"));
}

TEST_F(RunScript, StartsANewRunAtTheEndOfTheContext) {
  test::InventedRunOptions small;
  small.positions = 64;
  const auto result =
      run("wait state at_context_end\n"
          "expect last.position == 63\n"
          "click ContextEnd/new_run\n"
          "expect state.run == 2",
          small);
  EXPECT_TRUE(result.passed()) << result.cases.back().failure;
}

TEST_F(RunScript, ShowsARefusalAsAMessageThatCanBeDismissed) {
  EXPECT_EQ(failure(R"(
    set max_cache_size 2
    frames 2
    expect errors.last contains "above the sinks"
    click Notices/0/dismiss
    frames 2
  )"),
            "");
  EXPECT_THAT(failure("set max_cache_size 2\nframes 2\nclick Notices/0/dismiss\nframes 2\n"
                      "click Notices/0/dismiss"),
              HasSubstr("none of that name"));
}

TEST_F(RunScript, LeavesPicturesLogAndJunitResults) {
  const auto result = run("frames 3\nscreenshot a.png\nclick nothing\nframes 1");
  EXPECT_FALSE(result.passed());
  for (const auto* file : {"a.png", "failure-line-3.png", "log.txt", "junit.xml"}) {
    EXPECT_GT(std::filesystem::file_size(out_ / file), 0U) << file;
  }
  EXPECT_THAT(support::read_bytes(out_ / "junit.xml"), HasSubstr("failures=\"1\""));
}

TEST_F(RunScript, GoesOnWithTheNextCaseAfterAFailure) {
  const auto result = run("test one\nclick nothing\nframes 1\ntest two\nframes 1");
  ASSERT_EQ(result.cases.size(), 2U);
  EXPECT_NE(result.cases[0].failure, "");
  EXPECT_EQ(result.cases[0].actions, 0);
  EXPECT_EQ(result.cases[1].failure, "");
  EXPECT_EQ(result.cases[1].actions, 1);
}

TEST_F(RunScript, AdvancesByExactlyAsManyStepsAsAskedFor) {
  EXPECT_EQ(failure("click pause\nclick restart\nadvance 7\nexpect state.steps == 7\n"
                    "expect state.phase == paused\nadvance 5\nexpect last.step == 11"),
            "");
}

TEST_F(RunScript, SaysThatARunIsOverInsteadOfWaiting) {
  test::InventedRunOptions small;
  small.positions = 64;
  EXPECT_THAT(run("wait step 500", small).cases.back().failure, HasSubstr("the run is over"));
}

TEST_F(RunScript, GivesUpAfterItsTimeout) {
  EXPECT_THAT(failure("timeout 0.2\nwait state saved"), HasSubstr("waited 0.2 s"));
}

TEST_F(RunScript, NamesTheNearestValue) {
  EXPECT_THAT(failure("expect last.eviction > 0"), HasSubstr("last.evictions"));
}

TEST_F(RunScript, TurnsEveryKnobWithoutAStall) {
  std::string script = "repeat 20\n";
  for (const auto* knob : {"max_cache_size", "recent_window", "sketch_width"}) {
    script += std::string("turn ") + knob + "\nexpect applied." + knob + " != nothing\n";
  }
  const auto result = run(script + "end\n");
  EXPECT_TRUE(result.passed()) << result.cases.back().failure;
  EXPECT_EQ(result.cases.back().actions, 120);
}

TEST_F(RunScript, RefusesAScriptThatIsNotThere) {
  test::InventedSource source;
  app::App app(*platform_, source);
  EXPECT_THROW(run_script(app, folder_.path() / "no.script", out_), core::Error);
}

}  // namespace
}  // namespace sketchscope::driver
