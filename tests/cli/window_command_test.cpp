#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using WindowCommand = CommandFixture;

TEST_F(WindowCommand, SaysHowToRunWithoutADisplay) {
  expect_refused(run({"--model", model()}), 1, {"display", "--offscreen"});
}

TEST_F(WindowCommand, SavesAPictureOffscreen) {
  const auto result = run_on_tiny_model({"view", "--offscreen", "--frames", "5", "--screenshot",
                                         output() / "window.png", "--prompt", "the the"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(read_bytes(output() / "window.png"), StartsWith("\x89PNG\r\n"));
  EXPECT_THAT(written(), ElementsAre("window.png"));
}

TEST_F(WindowCommand, RefusesAPictureItCannotWrite) {
  const auto result = run_on_tiny_model(
      {"view", "--offscreen", "--frames", "1", "--screenshot", "/no/such/window.png"});
  expect_refused(result, 1, {"/no/such/window.png"});
  expect_refused(run_on_tiny_model({"view", "--screenshot", output() / "window.png"}), 2,
                 {"--offscreen"});
}

TEST_F(WindowCommand, NamesNoFolderOfThisMachineForTheModelThatItBrings) {
  const auto figure = output() / "occupancy.svg";
  const std::vector<std::string> view = {"view",    "--offscreen", "--frames",     "2",
                                         "--panel", "occupancy",   "--screenshot", figure};
  ASSERT_EQ(run(view).exit_code, 0);
  EXPECT_THAT(read_bytes(figure), HasSubstr("sketchscope view --dtype"));
  ASSERT_EQ(run_on_tiny_model(view).exit_code, 0);
  EXPECT_THAT(read_bytes(figure), HasSubstr("--model " + model().string()));
}

TEST_F(WindowCommand, FailsOnAPromptLongerThanTheContext) {
  const auto result =
      run_on_tiny_model({"view", "--offscreen", "--frames", "2", "--prompt", std::string(65, 'x')});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("65 tokens"));
}

class ScriptCommand : public CommandFixture {
 protected:
  [[nodiscard]] ProgramResult run_script(const std::string& text) const {
    const auto file = output().parent_path() / "session.script";
    write_bytes(file, text);
    return run_on_tiny_model({"script", file, "--out", output(), "--prompt", "the the"});
  }
};

TEST_F(ScriptCommand, TurnsAKnobAndTakesAPicture) {
  const auto result = run_script(
      "test a smaller cache\n"
      "speed 0\n"
      "wait step 20\n"
      "set max_cache_size 12\n"
      "wait steps 2\n"
      "screenshot after.png\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("a smaller cache"));
  EXPECT_THAT(written(), Contains("after.png"));
  EXPECT_THAT(read_bytes(output() / "junit.xml"), HasSubstr("failures=\"0\""));
}

TEST_F(ScriptCommand, FailsWhenAnExpectationDoes) {
  const auto result = run_script("test impossible\nset no_such_knob 1\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("no_such_knob"));
  EXPECT_THAT(read_bytes(output() / "junit.xml"), HasSubstr("failures=\"1\""));
}

TEST_F(ScriptCommand, RefusesAScriptItCannotRead) {
  expect_refused(run_script("wiat step 1\n"), 2, {"line 1", "'wiat'", "wait"});
  expect_refused(run_on_tiny_model({"script", "/no/such", "--out", output()}), 1, {"/no/such"});
  expect_refused(run_on_tiny_model({"script", "/no/such"}), 2, {"--out"});
  expect_refused(run_on_tiny_model({"script", "--out", output()}), 2, {"FILE"});
  EXPECT_THAT(written(), IsEmpty());
}

}  // namespace
}  // namespace sketchscope::support
