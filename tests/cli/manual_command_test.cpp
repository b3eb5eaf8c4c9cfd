#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "engine/core/files.hpp"
#include "tests/cli/commands.hpp"

namespace sketchscope::support {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

const std::filesystem::path kSource = SKETCHSCOPE_SOURCE_DIR;

bool is_installed(const std::string& tool) {
  return run_program("/bin/sh", {.arguments = {"-c", "command -v " + tool}}).exit_code == 0;
}

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    found.push_back((*at)[1]);
  }
  return found;
}

class Manual : public CommandFixture {
 protected:
  /// Returns the words that lead to every help: none, for the program, and each subcommand.
  static std::vector<std::vector<std::string>> commands() {
    std::vector<std::vector<std::string>> all = {{}};
    for (const std::string& name : subcommand_names()) all.push_back({name});
    return all;
  }

  static std::string help_of(std::vector<std::string> words) {
    words.emplace_back("--help");
    return run(words).out;
  }

  /// Returns the flags that a command's help lists.
  static std::vector<std::string> flags_of(const std::vector<std::string>& words) {
    return matches(help_of(words), std::regex("\n  (?:-[a-z],)?(--[a-z0-9-]+)"));
  }

  static std::string page_of(const std::vector<std::string>& words) {
    return words.empty() ? run({"manual"}).out : run({"manual", "--command", words.front()}).out;
  }

  /// Completes a command line by bash, with the cursor after its last word.
  [[nodiscard]] std::vector<std::string> completed_by_bash(
      const std::vector<std::string>& words) const {
    const auto script = output() / "completion.bash";
    write_bytes(script, run({"completions", "bash"}).out);
    std::string line = "source '" + script.string() + "'; COMP_WORDS=(sketchscope";
    for (const std::string& word : words) line += " '" + word + "'";
    line += "); COMP_CWORD=" + std::to_string(words.size()) +
            "; _sketchscope; printf '%s\\n' \"${COMPREPLY[@]}\"";
    const auto result = run_program("/bin/bash", {.arguments = {"-c", line}});
    EXPECT_EQ(result.err, "");
    return matches(result.out, std::regex("([^\n]+)\n"));
  }
};

TEST_F(Manual, HelpFitsInTheNarrowestTerminal) {
  for (const auto& words : commands()) {
    for (const std::string& line : matches(help_of(words), std::regex("([^\n]*)\n"))) {
      const auto columns = std::ranges::count_if(
          line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
      EXPECT_LE(columns, 80) << line;
    }
  }
}

TEST_F(Manual, HelpListsCommandsByGroup) {
  const std::string help = help_of({});
  for (const char* group :
       {" Generating and measuring\n  generate ", " Studying many settings\n  sweep "}) {
    EXPECT_THAT(help, HasSubstr(group));
  }
}

TEST_F(Manual, HasAPageOfEveryCommandWithAllItsFlags) {
  const std::string program = page_of({});
  for (const auto& words : commands()) {
    SCOPED_TRACE(::testing::PrintToString(words));
    const auto flags = flags_of(words);
    ASSERT_THAT(flags, ::testing::Contains("--help"));
    std::string page = page_of(words);
    page = std::regex_replace(page, std::regex(R"(\\-)"), "-");
    for (const std::string& flag : flags) EXPECT_THAT(page, HasSubstr("\\fB" + flag + "\\fR"));
    if (words.empty()) continue;
    EXPECT_THAT(page, HasSubstr("sketchscope-" + words.front() + " - "));
    EXPECT_THAT(program, HasSubstr("sketchscope " + words.front() + "\\fR"));
  }
}

TEST_F(Manual, HasNothingThatMandocComplainsOf) {
  if (!is_installed("mandoc")) GTEST_SKIP() << "mandoc is missing (apt-get install mandoc)";
  ASSERT_EQ(run({"manual", "--out", output()}).exit_code, 0);
  for (const auto& page : std::filesystem::directory_iterator(output() / "man/man1")) {
    const auto result = run_program(
        "/usr/bin/env", {.arguments = {"mandoc", "-Tlint", "-W", "warning", page.path().string()}});
    EXPECT_EQ(result.out + result.err, "") << page.path();
  }
}

TEST_F(Manual, RefusesAPageOfNoCommand) {
  expect_refused(run({"manual", "--command", "evil"}), 2, {"--command", "'evil'", "eval"});
}

TEST_F(Manual, WritesWhatIsInstalledBelowAFolder) {
  ASSERT_EQ(run({"manual", "--out", output()}).exit_code, 0);
  std::vector<std::string> pages;
  for (const auto& page : std::filesystem::directory_iterator(output() / "man/man1")) {
    pages.push_back(page.path().filename());
  }
  EXPECT_EQ(pages.size(), commands().size());
  EXPECT_THAT(pages, IsSupersetOf({"sketchscope.1", "sketchscope-eval.1"}));
  EXPECT_EQ(core::read_file(output() / "bash-completion/completions/sketchscope"),
            run({"completions", "bash"}).out);
}

TEST_F(Manual, CompletionsKnowEveryCommandAndEveryFlag) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const std::string script = run({"completions", shell}).out;
    for (const auto& words : commands()) {
      for (const std::string& word : words) EXPECT_THAT(script, HasSubstr(word)) << shell;
      for (const std::string& flag : flags_of(words)) {
        EXPECT_THAT(script, HasSubstr(shell == "fish" ? " -l " + flag.substr(2) + " " : flag))
            << shell;
      }
    }
  }
}

TEST_F(Manual, BashCompletesCommandsFlagsAndValues) {
  EXPECT_THAT(completed_by_bash({"ev"}), ElementsAre("eval"));
  EXPECT_THAT(completed_by_bash({"eval", "--poli"}), ElementsAre("--policy"));
  for (const auto& words : commands()) {
    auto line = words;
    line.emplace_back("--");
    EXPECT_THAT(completed_by_bash(line), IsSupersetOf(flags_of(words)))
        << ::testing::PrintToString(words);
  }
  EXPECT_THAT(completed_by_bash({"eval", "--kv", "int"}), ElementsAre("int8", "int4"));
  EXPECT_THAT(completed_by_bash({"eval", "--kv", "=", "int"}), ElementsAre("int8", "int4"));
  EXPECT_THAT(completed_by_bash({"eval", "--threads", ""}), IsEmpty()) << "any number";
  EXPECT_THAT(completed_by_bash({"completions", "f"}), ElementsAre("fish"));
  EXPECT_THAT(completed_by_bash({"report", (kSource / "READM").string()}),
              ElementsAre((kSource / "README.md").string()));
}

TEST_F(Manual, FishCompletesCommandsFlagsAndValues) {
  if (!is_installed("fish")) GTEST_SKIP() << "fish is missing (apt-get install fish)";
  const auto script = output() / "sketchscope.fish";
  write_bytes(script, run({"completions", "fish"}).out);
  const auto completed = [&](const std::string& line) {
    return run_program(
               "/usr/bin/env",
               {.arguments = {"HOME=" + output().string(), "fish", "--no-config", "-c",
                              "source " + script.string() + "; complete -C '" + line + "'"}})
        .out;
  };
  EXPECT_THAT(completed("sketchscope ev"), HasSubstr("eval\t"));
  EXPECT_THAT(completed("sketchscope eval --poli"), HasSubstr("--policy\t"));
  EXPECT_THAT(completed("sketchscope eval --kv int"), HasSubstr("int8"));
}

TEST_F(Manual, ZshReadsItsCompletions) {
  if (!is_installed("zsh")) GTEST_SKIP() << "zsh is missing (apt-get install zsh)";
  const auto script = output() / "_sketchscope";
  write_bytes(script, run({"completions", "zsh"}).out);
  const auto result =
      run_program("/usr/bin/env", {.arguments = {"zsh", "-f", "-n", script.string()}});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
}

/// The page of commands in docs/ is what this build prints, if it has all of them.
TEST_F(Manual, IsThePageOfCommandsInTheDocuments) {
  if (!has_window() || !has_trainer()) GTEST_SKIP() << "this build lacks some commands";
  const auto file = kSource / "docs/commands.md";
  const std::string page = run({"manual", "--markdown"}).out;
  if (std::getenv("SKETCHSCOPE_UPDATE") != nullptr) core::write_file(file, page);
  EXPECT_EQ(core::read_file(file), page)
      << "run this test with SKETCHSCOPE_UPDATE=1 in the environment, and read what it changed";
}

TEST_F(Manual, ListsEveryEnvironmentVariableThatTheProgramReads) {
  const std::regex reads(
      R"re(\b(?:getenv|environment|variable|number)\((?:environment, )?"([A-Z][A-Z_]+)")re");
  std::set<std::string> names;
  for (const char* folder : {"kernels", "engine", "gui", "cli"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kSource / folder)) {
      if (entry.path().extension() != ".cpp") continue;
      for (const std::string& name : matches(core::read_file(entry.path()), reads))
        names.insert(name);
    }
  }
  ASSERT_THAT(names, IsSupersetOf({"XDG_CONFIG_HOME", "XDG_DATA_HOME", "RANK", "MASTER_PORT"}));
  const std::string help = help_of({});
  const std::string page = page_of({});
  for (const std::string& name : names) {
    EXPECT_THAT(help, HasSubstr(name));
    EXPECT_THAT(page, HasSubstr(name));
  }
}

}  // namespace
}  // namespace sketchscope::support
