#include <fstream>

#include "tests/cli/commands.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

/// A command that is done soon and writes to standard output.
struct ShortCommand {
  std::vector<std::string> words;
  std::string standard_input;
};

class StandardStreams : public CommandFixture {
 protected:
  StandardStreams() {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
    write_bytes(text_file(), text);
    write_bytes(grid_file(), R"({"base": {"sinks": 2, "recent_window": 3, "max_cache_size": 8},
        "blocks": [{"policy": ["window"]}],
        "quick": {"prompts": 1, "lengths": [32], "new_tokens": 8, "text_tokens": 64}})");
  }

  [[nodiscard]] std::filesystem::path text_file() const {
    return output().parent_path() / "text.txt";
  }
  [[nodiscard]] std::filesystem::path grid_file() const {
    return output().parent_path() / "grid.json";
  }

  /// Returns every command that writes to standard output. `sweep` is before `report`, which reads
  /// what it has written.
  [[nodiscard]] std::vector<ShortCommand> short_commands() const {
    const std::string tiny = model();
    const std::string text = text_file();
    const std::string study = output() / "study";
    std::vector<ShortCommand> commands = {
        {{"generate", "--model", tiny, "--prompt", "the", "--max-new-tokens", "3"}, {}},
        {{"branch", "--model", tiny, "--prompt", "the", "--max-new-tokens", "3"}, {}},
        {{"recall", "--items", "1"}, {}},
        {{"sweep", "--model", tiny, "--text", text, "--grid", grid_file(), "--out", study,
          "--resume"},
         {}},
        {{"report", study}, {}},
        {{"bench", "decode", "--shape", "embedded", "--rounds", "1", "--lanes", "1", "--dtype",
          "f32"},
         {}},
        {{"logits", "--model", tiny, "--tokens", "1"}, {}},
        {{"tokenize", "--model", tiny}, "the cat"},
        {{"tale"}, {}},
        {{"doctor"}, {}},
        {{"completions", "bash"}, {}},
        {{"manual"}, {}},
        {{"learn", "--model", tiny, "--text", text, "--max-cache-size", "40"}, {}},
    };
    for (const char* name : {"eval", "reads", "attention", "heads", "sketches"}) {
      commands.push_back({{name, "--model", tiny, "--text", text}, {}});
    }
    return commands;
  }

  /// Returns short_commands() and the help of every command.
  [[nodiscard]] std::vector<ShortCommand> commands_and_helps() const {
    std::vector<ShortCommand> commands = short_commands();
    commands.push_back({{"--help"}, {}});
    commands.push_back({{"--version"}, {}});
    for (const std::string& name : subcommand_names()) commands.push_back({{name, "--help"}, {}});
    return commands;
  }

  static ProgramResult run_by_shell(const ShortCommand& command, const std::string& line) {
    return run({.arguments = command.words,
                .standard_input = command.standard_input,
                .runner = {"bash", "-c", line}});
  }
};

TEST_F(StandardStreams, AreTriedWithEveryCommandThatWritesToThem) {
  // These write files, with words on standard error.
  std::vector<std::string> names;
  if (has_trainer()) names.push_back("train");
  if (has_window()) names.insert(names.end(), {"view", "script"});
  for (const ShortCommand& command : short_commands()) names.push_back(command.words.front());
  EXPECT_THAT(subcommand_names(), UnorderedElementsAreArray(names));
}

TEST_F(StandardStreams, AreAnErrorWhereTheDiskIsFull) {
  for (const ShortCommand& command : commands_and_helps()) {
    SCOPED_TRACE(::testing::PrintToString(command.words));
    const auto result = run_by_shell(command, "exec \"$0\" \"$@\" > /dev/full");
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("standard output cannot be written: found No space left"));
  }
}

TEST_F(StandardStreams, AreAnErrorWhereTheyAreClosed) {
  for (const ShortCommand& command : short_commands()) {
    SCOPED_TRACE(command.words.front());
    const auto result = run_by_shell(command, "exec \"$0\" \"$@\" >&-");
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("standard output cannot be written: found Bad file"));
  }
}

TEST_F(StandardStreams, EndACommandInSilenceWhenNobodyReadsThem) {
  for (const ShortCommand& command : commands_and_helps()) {
    SCOPED_TRACE(::testing::PrintToString(command.words));
    // The reader is gone before the command starts.
    const auto result =
        run_by_shell(command, "set -o pipefail; { sleep 0.02; exec \"$0\" \"$@\"; } | exec 0<&-");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err.find("sketchscope:"), std::string::npos) << result.err;
  }
}

TEST_F(StandardStreams, DoNotTakeAFileWithThemWhenNobodyReadsThem) {
  const auto json = output() / "result.json";
  const ShortCommand generate{
      {"generate", "--model", model(), "--prompt", "the", "--max-new-tokens", "3", "--json", json},
      {}};
  const auto result =
      run_by_shell(generate, "set -o pipefail; { sleep 0.02; exec \"$0\" \"$@\"; } | exec 0<&-");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(nlohmann::json::parse(read_bytes(json)).at("result").at("tokens").size(), 3U);
}

TEST_F(StandardStreams, AreNotMistakenForAFileThatIsOpenedWhileTheyAreClosed) {
  const auto json = output() / "result.json";
  const ShortCommand eval{{"eval", "--model", model(), "--text", text_file(), "--json", json}, {}};
  const auto result = run_by_shell(eval, "exec \"$0\" \"$@\" <&- >&- 2>&-");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(nlohmann::json::accept(read_bytes(json)));
}

TEST_F(StandardStreams, GiveATextOrAPromptForAHyphen) {
  const std::string text = read_bytes(text_file());
  const auto of_file =
      run_on_tiny_model({"eval", "--text", text_file(), "--max-tokens", "40", "--json", "-"});
  const auto of_stream = run({.arguments = {"eval", "--model", model(), "--text", "-",
                                            "--max-tokens", "40", "--json", "-"},
                              .standard_input = text});
  ASSERT_EQ(of_stream.exit_code, 0) << of_stream.err;
  EXPECT_EQ(nlohmann::json::parse(of_stream.out).at("result").at("nll"),
            nlohmann::json::parse(of_file.out).at("result").at("nll"));
  const auto prompted = run({.arguments = {"generate", "--model", model(), "--prompt-file", "-",
                                           "--max-new-tokens", "3", "--seed", "5"},
                             .standard_input = "the cat"});
  EXPECT_EQ(prompted.out, run_on_tiny_model({"generate", "--prompt", "the cat", "--max-new-tokens",
                                             "3", "--seed", "5"})
                              .out);
}

TEST(SourcesOfCommands, WriteToStandardOutputInOnePlaceAlone) {
  const std::vector<std::string> other_ways = {"std::cout", "STDOUT_FILENO", "std::printf(",
                                               " printf(",  "std::puts(",    "stdout"};
  std::vector<std::string> found;
  const std::filesystem::path sources = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "cli";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(sources)) {
    if (!entry.is_regular_file()) continue;
    const std::string text = read_bytes(entry.path());
    for (const std::string& way : other_ways) {
      if (text.find(way) != std::string::npos) found.push_back(entry.path().filename());
    }
  }
  EXPECT_THAT(found, ::testing::ElementsAre("standard_streams.cpp"));
}

}  // namespace
}  // namespace sketchscope::support
