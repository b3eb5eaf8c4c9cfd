#include <array>

#include "tests/cli/commands.hpp"

namespace sketchscope::support {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;

using Usage = CommandFixture;

TEST_F(Usage, NamesTheExitCodesInEveryHelp) {
  std::vector<std::vector<std::string>> helps = {{"--help"}};
  for (const std::string& name : subcommand_names()) helps.push_back({name, "--help"});
  for (const auto& help : helps) {
    const std::string text = run(help).out;
    for (const char* code :
         {"Exit codes:", "\n  0 ", "\n  1 ", "\n  2 ", "\n  129 ", "\n  130 ", "\n  143 "}) {
      EXPECT_THAT(text, HasSubstr(code)) << help.front();
    }
  }
}

/// A way to misuse a command, which concerns those whose help names `flag`.
struct Misuse {
  std::string flag;
  std::vector<std::string> words;
};

TEST_F(Usage, IsCorrectedWithValueExpectationAndRemedyByEveryCommand) {
  const std::vector<Misuse> misuses = {
      {"", {"--no-such-flag"}},
      {"", {"one", "two", "three"}},
      {"--threads", {"--threads", "none"}},
      {"--threads", {"--threads", "0"}},
      {"--threads", {"--threads"}},
      {"--json", {"--json"}},
      {"--text", {"--text", ""}},
      {"--max-tokens", {"--max-tokens", "1.5"}},
      {"--model", {"--model", ""}},
      {"--device", {"--device", "abacus"}},
      {"--dtype", {"--dtype", "f8"}},
      {"--policy", {"--policy", "lru"}},
      {"--max-cache-size", {"--max-cache-size", "-1"}},
      {"--max-bytes", {"--max-bytes", "1M"}},
      {"--audit", {"--audit", "maybe"}},
      {"--lanes", {"--lanes", "many"}},
      {"--out", {"--out", ""}},
  };
  for (const std::string& name : subcommand_names()) {
    const std::string help = run({name, "--help"}).out;
    for (const Misuse& misuse : misuses) {
      if (help.find(misuse.flag) == std::string::npos) continue;
      std::vector<std::string> words = {name};
      words.insert(words.end(), misuse.words.begin(), misuse.words.end());
      SCOPED_TRACE(::testing::PrintToString(words));
      expect_refused(run(words), 2,
                     {": found ", ", expected ", ". See sketchscope " + name + " --help\n"});
    }
  }
}

TEST_F(Usage, NamesWhatACommandLacks) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> lacks = {
      {{"bench"}, "no WHAT, expected WHAT, decode: "},
      {{"report"}, "no DIR, expected DIR, folder of results"},
      {{"generate"}, "--prompt-file and --tokens"},
      {{"eval"}, "expected a text to score: --text FILE"},
      {{"reads"}, "expected a text to read: --text FILE"},
      {{"attention"}, "expected a text to read: --text FILE"},
      {{"logits"}, "expected token ids"},
      {{"sweep"}, "expected a grid"},
  };
  for (const auto& [words, expected] : lacks) {
    expect_refused(run(words), 2, {expected, ". See sketchscope " + words[0] + " --help\n"});
  }
}

/// Commands that measure on a text refuse one without a token that follows another alike.
TEST_F(Usage, NamesATextWithNothingToMeasure) {
  const auto text = output() / "short.txt";
  for (const auto& [bytes, found] :
       {std::pair<std::string, std::string>{"", "0 tokens"}, {"x", "1 token"}}) {
    write_bytes(text, bytes);
    for (const std::string name : {"eval", "reads", "heads", "attention", "sketches"}) {
      SCOPED_TRACE(name);
      expect_refused(run_on_tiny_model({name, "--text", text}), 1,
                     {"short.txt is too short to be measured: found " + found,
                      ", expected at least 2. Name a longer text with --text\n"});
    }
  }
}

}  // namespace
}  // namespace sketchscope::support
