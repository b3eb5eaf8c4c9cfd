#include <signal.h>

#include <array>
#include <thread>

#include "tests/cli/commands.hpp"
#include "tests/support/running_program.hpp"

namespace sketchscope::support {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;
using Json = nlohmann::json;

/// What an interrupted command may leave.
enum class Leaves { partial_json, whole_files, nothing };

/// A command that would run for long.
struct LongCommand {
  std::string name;
  std::vector<std::string> arguments;
  Leaves leaves = Leaves::nothing;
};

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i % 250) + " ";
  return text;
}

class Interrupted : public CommandFixture {
 protected:
  Interrupted() {
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
    write_bytes(text_file(), text);
    write_bytes(script_file(), "test endless\nclick play\nwait steps 1\nwait step 1000000\n");
  }

  [[nodiscard]] std::filesystem::path text_file() const { return folder() / "text.txt"; }
  [[nodiscard]] std::filesystem::path script_file() const { return folder() / "endless.script"; }
  [[nodiscard]] std::filesystem::path json_file() const { return output() / "result.json"; }
  [[nodiscard]] std::filesystem::path folder() const { return output().parent_path(); }

  /// Returns a command of every kind but those that have no steps; the tiny model is not asked
  /// where its short context ends the run soon.
  [[nodiscard]] std::vector<LongCommand> long_commands() const {
    const std::string tiny = model();
    const std::string text = text_file();
    const auto on_text = [&](const std::string& name) -> LongCommand {
      return {
          name, {"--model", tiny, "--text", text, "--max-tokens", "1000000"}, Leaves::partial_json};
    };
    std::vector<LongCommand> commands = {
        {"generate",
         {"--prompt", "One day", "--ignore-eos", "--twin", "--max-new-tokens", "1000"},
         Leaves::partial_json},
        on_text("eval"),
        {"recall", {"--items", "1000"}, Leaves::partial_json},
        {"branch", {"--prompt", "One day", "--max-new-tokens", "900"}, Leaves::partial_json},
        {"sweep", {"--grid", "original", "--out", output() / "sweep"}, Leaves::whole_files},
        on_text("reads"),
        on_text("attention"),
        {"heads", {"--max-tokens", "1024"}, Leaves::partial_json},
        on_text("sketches"),
        {"learn",
         {"--model", tiny, "--text", text, "--max-tokens", "1000000", "--max-cache-size", "40"},
         Leaves::partial_json},
        {"logits", {"--tokens", numbers(1000), "--prefill", "stream"}},
        {"bench", {"decode", "--shape", "embedded", "--rounds", "300"}, Leaves::partial_json},
        {"tokenize", {}},
        {"tale", {"--tales", "100000", "--characters", "100000"}},
    };
    if (has_trainer()) {
      commands.push_back({"train", {"--out", output() / "train"}, Leaves::whole_files});
    }
    if (has_window()) {
      commands.push_back({"view", {"--offscreen", "--frames", "1000000"}});
      commands.push_back(
          {"script", {script_file(), "--out", output() / "script"}, Leaves::whole_files});
    }
    return commands;
  }

  [[nodiscard]] std::vector<std::string> words_of(const LongCommand& command) const {
    std::vector<std::string> words = {command.name};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    if (command.leaves == Leaves::partial_json) words.insert(words.end(), {"--json", json_file()});
    return words;
  }

  /// Signals a command at work and returns how it ended.
  [[nodiscard]] ProgramResult interrupt(const LongCommand& command, int signal,
                                        std::chrono::milliseconds after) const {
    RunningProgram program(SKETCHSCOPE_PROGRAM, words_of(command));
    EXPECT_TRUE(program.wait_until_it_takes_signals()) << command.name;
    std::this_thread::sleep_for(after);
    program.signal(signal);
    return program.wait();
  }

  /// Interrupts a command while it measures: a try that came too early is repeated later.
  [[nodiscard]] ProgramResult interrupt_with_result(const LongCommand& command, int signal) const {
    ProgramResult result;
    for (const auto after : {400ms, 1200ms, 4000ms}) {
      result = interrupt(command, signal, after);
      if (command.leaves == Leaves::nothing || std::filesystem::exists(json_file())) break;
      if (command.leaves == Leaves::whole_files) break;
    }
    return result;
  }

  /// Interrupts a command before its first measurement: a try that came too late is repeated.
  [[nodiscard]] ProgramResult interrupt_before_result(const LongCommand& command,
                                                      int signal) const {
    ProgramResult result;
    for (int i = 0; i < 20; ++i) {
      result = interrupt(command, signal, 0ms);
      if (result.err.find("this is what was measured") == std::string::npos) break;
    }
    return result;
  }

  [[nodiscard]] std::vector<std::string> hidden_files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(output())) {
      const std::string name = entry.path().filename();
      if (name.starts_with(".")) names.push_back(name);
    }
    return names;
  }
};

TEST_F(Interrupted, HasACaseForEveryCommandWithSteps) {
  std::vector<std::string> names = {"report", "doctor", "completions", "manual"};
  for (const LongCommand& command : long_commands()) names.push_back(command.name);
  EXPECT_THAT(subcommand_names(), UnorderedElementsAreArray(names));
}

TEST_F(Interrupted, EndsEveryCommandWithItsExitCodeAndNoTemporaryFile) {
  for (const LongCommand& command : long_commands()) {
    SCOPED_TRACE(command.name);
    std::filesystem::remove(json_file());
    const auto result = interrupt_with_result(command, SIGTERM);
    EXPECT_EQ(result.exit_code, 128 + SIGTERM) << result.err;
    EXPECT_THAT(result.err, HasSubstr("interrupted by SIGTERM"));
    EXPECT_THAT(hidden_files(), IsEmpty());
    if (command.leaves != Leaves::partial_json) continue;
    ASSERT_TRUE(std::filesystem::exists(json_file())) << result.err;
    const std::string json = read_bytes(json_file());
    EXPECT_EQ(Json::parse(json).value("partial", false), true) << json;
    EXPECT_THAT(json, Not(HasSubstr("null")));
    EXPECT_THAT(result.err, Not(HasSubstr("nan")));
  }
}

TEST_F(Interrupted, TellsTheSignalsApart) {
  const LongCommand tokenize{"tokenize", {}};
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EQ(interrupt(tokenize, signal, 0ms).exit_code, 128 + signal);
  }
}

TEST_F(Interrupted, GoesOnUnderNohup) {
  const auto result = run_program(
      SKETCHSCOPE_PROGRAM,
      {.arguments = {"eval", "--model", model(), "--text", text_file(), "--max-tokens", "20000",
                     "--json", json_file()},
       .runner = {"sh", "-c", "trap '' HUP; \"$0\" \"$@\" & sleep 0.3; kill -HUP $!; wait $!"}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(Json::parse(read_bytes(json_file())).contains("partial"));
}

TEST_F(Interrupted, PrintsNoTableOfWhatWasNotMeasured) {
  for (const std::string name : {"sketches", "heads", "eval", "reads", "attention"}) {
    SCOPED_TRACE(name);
    // The embedded model, since the tiny one is loaded and has measured within milliseconds.
    const auto result =
        interrupt_before_result({name, {"--text", text_file()}, Leaves::partial_json}, SIGTERM);
    EXPECT_EQ(result.exit_code, 128 + SIGTERM) << result.err;
    EXPECT_THAT(result.out, Not(HasSubstr("nan")));
    EXPECT_THAT(result.out, Not(HasSubstr("layer  head")));
    if (std::filesystem::exists(json_file())) {
      EXPECT_THAT(read_bytes(json_file()), HasSubstr("\"partial\":true"));
      std::filesystem::remove(json_file());
    }
  }
}

TEST_F(Interrupted, LeavesARunThatSaysWhereItWasCutShort) {
  const LongCommand generate{
      "generate",
      {"--prompt", "One day", "--ignore-eos", "--twin", "--max-new-tokens", "1000", "--save",
       output() / "run.scope", "--record", output() / "steps.jsonl"},
      Leaves::partial_json};
  const auto result = interrupt_with_result(generate, SIGINT);
  EXPECT_EQ(result.exit_code, 128 + SIGINT) << result.err;
  EXPECT_THAT(written(),
              ::testing::UnorderedElementsAre("run.scope", "steps.jsonl", "result.json"));
}

}  // namespace
}  // namespace sketchscope::support
