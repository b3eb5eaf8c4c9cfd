// What the verbs of the run do: looking at a step, playing, waiting for what never comes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "gui/app/app.hpp"
#include "gui/driver/run_script.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::driver {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RunVerbs : public test::OffscreenWindow {
 protected:
  /// The failure of a script of one case; empty if it passed.
  std::string failure(std::string_view text) {
    const std::filesystem::path script = folder_.path() / "case.script";
    support::write_bytes(script, text);
    test::InventedSource source;
    app::App app(*platform_, source);
    return run_script(app, script, folder_.path() / "out").cases.back().failure;
  }

  support::TemporaryDirectory folder_;
};

TEST_F(RunVerbs, SaysThatAPausedRunMakesNoStep) {
  EXPECT_THAT(failure("click pause\nwait steps 1"),
              AllOf(HasSubstr("the run is paused"), HasSubstr("click play")));
}

TEST_F(RunVerbs, PlaysAndPausesWhateverGoesOn) {
  EXPECT_EQ(failure("click play\nclick play\nwait steps 3\nclick pause\nclick pause\n"
                    "expect state.phase == paused"),
            "");
}

TEST_F(RunVerbs, LooksAtAStepOrWhereANumberIsLargest) {
  EXPECT_EQ(failure(R"(
    click pause
    click restart
    advance 200
    look 20
    expect selection.step == 20
    expect shown.step == 20
    look step_of_max(last.logit_kl)
    expect shown.logit_kl == max(last.logit_kl)
    expect selection.locked_step == step_of_max(last.logit_kl)
    look step_of_min(last.entropy,50,99)
    expect shown.entropy == min(last.entropy,50,99)
    expect selection.step >= 50
    click follow
    expect selection.step == 199
  )"),
            "");
  EXPECT_THAT(failure("click pause\nclick restart\nadvance 9\nlook 9"),
              HasSubstr("a step, 0 to 8"));
  EXPECT_THAT(failure("click pause\nclick restart\nadvance 9\nlook model.name"),
              HasSubstr("a step, 0 to 8"));
  EXPECT_THAT(failure("click pause\nclick restart\nadvance 9\nlook nowhere"), HasSubstr("nearest"));
}

}  // namespace
}  // namespace sketchscope::driver
