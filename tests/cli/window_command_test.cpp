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

TEST_F(WindowCommand, NamesTheFileOfThePictureOnStandardOutput) {
  const auto figure = output() / "memory.svg";
  const auto result = run_on_tiny_model({"view", "--offscreen", "--frames", "2", "--panel",
                                         "memory", "--screenshot", figure, "--prompt", "the the"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "  figure  " + figure.string() + "\n") << "as report --figure has it";
  const auto without =
      run_on_tiny_model({"view", "--offscreen", "--frames", "2", "--prompt", "the the"});
  EXPECT_EQ(without.out, "");
}

TEST_F(WindowCommand, ShowsTheCountersOfARunThatGenerateSaved) {
  const auto file = output() / "run.scope";
  ASSERT_EQ(run_on_tiny_model({"generate", "--prompt", "the the", "--max-new-tokens", "12",
                               "--twin", "--ignore-eos", "--save", file})
                .exit_code,
            0);
  for (const auto& [panel, words] : {std::pair{"sketch", "exact counters of the same items"},
                                     {"accuracy", "exact"},
                                     {"attention", "this cache"}}) {
    const auto figure = output() / "panel.svg";
    const auto result = run(
        {"view", file, "--offscreen", "--frames", "3", "--panel", panel, "--screenshot", figure});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(read_bytes(figure), ::testing::Not(HasSubstr("Press play"))) << panel;
    EXPECT_THAT(read_bytes(figure), HasSubstr(words)) << panel;
  }
}

TEST_F(WindowCommand, SaysHowLargeAFigureForPrintHasToBeOrDrawsTheColumnsChosen) {
  const auto study = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "assets/studies/small";
  const auto figure = output() / "study.svg";
  const auto printed = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "view", "--offscreen", "--frames",     "2",    "--panel",  "study",  "--study", study,
        "--mm", "85x60",       "--screenshot", figure, "--prompt", "the the"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_on_tiny_model(arguments);
  };
  expect_refused(printed({}), 2, {"panel study", "85x60 mm", "--mm "});
  EXPECT_FALSE(std::filesystem::exists(figure));
  EXPECT_EQ(printed({"--study-columns", "policy,capacity,perplexity"}).exit_code, 0);
  EXPECT_THAT(read_bytes(figure), HasSubstr(">perplexity</text>"));
  EXPECT_THAT(read_bytes(figure), HasSubstr("--study-columns policy,capacity,perplexity"));
  expect_refused(printed({"--study-columns", "policy,speed"}), 2, {"'speed'", "perplexity"});
}

TEST_F(WindowCommand, SaysWhatToDoWithATextOrAModel) {
  const auto text = output().parent_path() / "notes.txt";
  write_bytes(text, "the the");
  expect_refused(run({"view", text, "--offscreen"}), 2,
                 {"a text", ".scope", "--prompt-file " + text.string(), "eval --text"});
  expect_refused(run({"view", model(), "--offscreen"}), 2,
                 {"a model", "--model " + model().string()});
}

TEST_F(WindowCommand, WritesSvgThatAnyReaderOpensWhateverThePrompt) {
  const auto figure = output() / "memory.svg";
  const auto result =
      run_on_tiny_model({"view", "--offscreen", "--frames", "2", "--panel", "memory", "--prompt",
                         "the \xEF\xBF\xBE\xEF\xBF\xBF the", "--screenshot", figure});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(read_bytes(figure), HasSubstr("the    the"));
  EXPECT_THAT(read_bytes(figure), ::testing::Not(HasSubstr("\xEF\xBF\xBE")));
  EXPECT_THAT(read_bytes(figure), ::testing::Not(HasSubstr("\xEF\xBF\xBF")));
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
      "expect state.phase == paused\n"
      "expect state.steps == 0\n"
      "speed 15\n"
      "click play\n"
      "wait step 12\n"
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

TEST_F(ScriptCommand, WaitsForTheEndOfAGivenTextHoweverFastItPlays) {
  const auto result = run_script(
      "test a text\n"
      "give \"once upon a time there was a text\"\n"
      "wait given\n"
      "expect state.phase == paused\n"
      "expect given.tokens > 8\n"
      "expect given.perplexity > 1\n"
      "test the same text again\n"
      "give \"once upon a time there was a text\"\n"
      "wait given\n"
      "expect given.tokens > 8\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto without = run_script("test no text\nwait given\n");
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_THAT(without.err, HasSubstr("give_file"));
}

TEST_F(ScriptCommand, RefusesAScriptItCannotRead) {
  expect_refused(run_script("wiat step 1\n"), 2, {"line 1", "'wiat'", "wait"});
  EXPECT_THAT(read_bytes(output() / "junit.xml"), HasSubstr("failures=\"1\""))
      << "no verdict of an earlier run may stand for it";
  expect_refused(run_script("give two words\n"), 2, {"'give two words'", "quotes"});
  expect_refused(run_on_tiny_model({"script", "/no/such", "--out", output()}), 1, {"/no/such"});
  expect_refused(run_on_tiny_model({"script", "/no/such"}), 2, {"--out"});
  expect_refused(run_on_tiny_model({"script", "--out", output()}), 2, {"FILE"});
  EXPECT_THAT(written(), ElementsAre("junit.xml"));
}

/// Files that the window's actions save, and the command inside each, run again.
class FigureCommandLine : public CommandFixture {
 protected:
  /// Runs a script on the window that leaves one CSV file; its text.
  std::string csv_of(const std::string& script) {
    const auto file = folder() / "figure.script";
    write_bytes(file, script);
    const auto result =
        run_on_tiny_model({"script", file, "--out", output(), "--prompt", "the the"});
    EXPECT_EQ(result.exit_code, 0) << read_bytes(output() / "log.txt");
    for (const std::string& name : written()) {
      if (name.ends_with(".csv")) return read_bytes(output() / name);
    }
    return {};
  }

  /// The file that the command inside a CSV file leaves in an empty folder.
  std::string made_again(const std::string& csv) const {
    const auto empty = folder() / "again";
    std::filesystem::create_directory(empty);
    std::string command = description(csv).at("command");
    EXPECT_THAT(command, StartsWith("sketchscope view "));
    command.replace(0, command.find(' '), "\"$0\"");
    const auto result = run_program(
        "/bin/sh",
        {.arguments = {"-c", "cd '" + empty.string() + "' && " + command, SKETCHSCOPE_PROGRAM}});
    EXPECT_EQ(result.exit_code, 0) << result.err << command;
    const std::filesystem::directory_iterator files(empty);
    if (files == std::filesystem::directory_iterator()) return {};
    return read_bytes(files->path());
  }

  static nlohmann::json description(const std::string& csv) {
    std::istringstream lines(csv);
    std::string text;
    for (std::string line; std::getline(lines, line) && line.starts_with("# ");) {
      text += line.substr(2);
    }
    return nlohmann::json::parse(text);
  }

  [[nodiscard]] std::filesystem::path folder() const { return output().parent_path(); }
};

TEST_F(FigureCommandLine, MakesBothRunsOfAComparisonWithTheirKnobsAndChanges) {
  const std::string csv = csv_of(R"(
    advance 1
    set recent_window 4
    set max_cache_size 24
    click compare_own
    set max_cache_size 12
    advance 10
    click swap
    set max_cache_size 20
    advance 5
    click swap
    advance 20
    click csv_compare
    expect errors.count == 0
  )");
  const auto facts = description(csv);
  EXPECT_EQ(facts.at("config").at("max_cache_size"), 24) << "as A began";
  EXPECT_EQ(facts.at("changes").at(0).at("to"), "12");
  EXPECT_EQ(facts.at("other").at("config").at("max_cache_size"), 24);
  EXPECT_EQ(facts.at("other").at("changes").at(0).at("step"), 10);
  EXPECT_EQ(facts.at("other").at("changes").at(0).at("to"), "20");
  EXPECT_EQ(facts.at("other").at("tokens"), "own");
  EXPECT_EQ(made_again(csv), csv);
}

TEST_F(FigureCommandLine, NamesTheKnobsInWhichTheSecondRunBeganOtherwise) {
  const std::string csv = csv_of(R"(
    advance 1
    set recent_window 4
    set max_cache_size 24
    click compare
    set max_cache_size 12
    prompt "the cat"
    advance 20
    click csv_compare
    expect errors.count == 0
  )");
  const auto facts = description(csv);
  EXPECT_EQ(facts.at("config").at("max_cache_size"), 12);
  EXPECT_EQ(facts.at("other").at("config").at("max_cache_size"), 24);
  EXPECT_THAT(facts.at("command"), HasSubstr("--compare same --compare-knobs max_cache_size=24"));
  EXPECT_EQ(made_again(csv), csv);
}

TEST_F(FigureCommandLine, ExplainsTheEvictionThatIsPinnedAtTheStepThatIsShown) {
  const std::string csv = csv_of(R"(
    set recent_window 4
    set max_cache_size 12
    set granularity head
    prompt "the cat"
    wait idle
    advance 40
    key Left
    key Left
    wait idle
    frames 3
    click evictions 0.4 0.5
    wait idle
    frames 3
    click csv_why
    expect errors.count == 0
  )");
  EXPECT_THAT(
      description(csv).at("command"),
      ::testing::AllOf(HasSubstr("--at 37"), HasSubstr("--position "), HasSubstr("--eviction ")));
  EXPECT_EQ(made_again(csv), csv);
}

TEST_F(FigureCommandLine, LooksUpWhatTheCacheHeldAtAnEarlierStep) {
  const std::string csv = csv_of(R"(
    set recent_window 4
    set max_cache_size 12
    prompt "the cat"
    wait idle
    advance 40
    look 20
    frames 3
    click csv_scores
    expect errors.count == 0
  )");
  EXPECT_THAT(description(csv).at("command"), HasSubstr("--at 20"));
  EXPECT_EQ(made_again(csv), csv);
}

TEST_F(FigureCommandLine, RefusesAnEvictionThatTheRunHasNotMade) {
  const std::vector<std::string> view = {"view", "--offscreen", "--frames",
                                         "3",    "--prompt",    "the the"};
  const auto refused = [&](std::vector<std::string> more, const std::string& part) {
    more.insert(more.begin(), view.begin(), view.end());
    expect_refused(run_on_tiny_model(more), 2, {part});
  };
  refused({"--eviction", "1:0"}, "STEP:LAYER:POSITION");
  refused({"--eviction", "1:0:0"}, "1:0:0");
  refused({"--position", "900"}, "--position");
  refused({"--head", "99"}, "--head");
}

TEST_F(FigureCommandLine, CarriesFormulasWithTheirCommas) {
  const std::string csv = csv_of(R"script(
    advance 1
    set policy formula
    set formula "min(mass, 2)"
    set max_cache_size 24
    click compare
    set formula "pool(last, 3) - pos"
    prompt "the cat"
    advance 20
    set formula "max(mass, last)"
    advance 8
    click csv_compare
    expect errors.count == 0
  )script");
  const auto facts = description(csv);
  EXPECT_EQ(facts.at("config").at("formula"), "pool(last, 3) - pos") << "the first one";
  EXPECT_EQ(facts.at("other").at("config").at("formula"), "min(mass, 2)");
  EXPECT_THAT(facts.at("command"), HasSubstr("formula=max(mass, last)"));
  EXPECT_THAT(facts.at("command"), HasSubstr("formula=min(mass, 2)"));
  EXPECT_EQ(made_again(csv), csv);
}

TEST_F(FigureCommandLine, OpensTheStudyWhoseRowsItShowsAndCarriesTheirKnobs) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
  write_bytes(folder() / "text.txt", text);
  write_bytes(folder() / "grid.json", R"({
    "base": {"sinks": 2, "recent_window": 3},
    "blocks": [{"policy": ["tova", "window"], "max_cache_size": [8, 12]}],
    "quick": {"prompts": 1, "lengths": [32], "new_tokens": 8, "text_tokens": 128}
  })");
  const auto study = folder() / "my study";
  const auto swept = run({"sweep", "--model", model(), "--grid", folder() / "grid.json", "--text",
                          folder() / "text.txt", "--out", study});
  ASSERT_EQ(swept.exit_code, 0) << swept.err;
  const std::string csv = csv_of("open \"" + study.string() + R"("
    advance 3
    expect study.rows == 4
    click Study/filter
    type max_cache_size>8
    click Study/policy
    click Study/policy
    click csv_study
    expect errors.count == 0
  )");
  const auto facts = description(csv);
  EXPECT_EQ(facts.at("study").at("folder"), study.string());
  EXPECT_EQ(facts.at("study").at("filter"), "max_cache_size>8");
  EXPECT_EQ(facts.at("study").at("order"), "policy:descending");
  EXPECT_THAT(facts.at("study").at("varies"), ElementsAre("policy", "max_cache_size"));
  EXPECT_EQ(facts.at("config").at("recent_window"), 3) << "the study's, not the run's";
  EXPECT_FALSE(facts.at("config").contains("policy"));
  EXPECT_EQ(made_again(csv), csv);
}

TEST_F(FigureCommandLine, RefusesFlagsOfASecondRunThatIsNotThere) {
  const std::vector<std::string> view = {"view", "--offscreen", "--frames", "1"};
  const auto refused = [&](std::vector<std::string> more, const std::string& part) {
    more.insert(more.begin(), view.begin(), view.end());
    expect_refused(run_on_tiny_model(more), 2, {part});
  };
  refused({"--compare-knobs", "max_cache_size=12"}, "--compare own");
  refused({"--compare", "both"}, "'both'");
  refused({"--compare", "own", "--compare-knobs", "cap"}, "KNOB=VALUE");
  refused({"--compare", "own", "--compare-changes", "x:sinks=1"}, "--compare-changes");
  refused({"--compare", "own", "--compare-knobs", "max_cache_size=2"}, "max_cache_size");
}

}  // namespace
}  // namespace sketchscope::support
