#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

using CommandLine = CommandFixture;

TEST_F(CommandLine, SaysItsVersionWhatItWasBuiltFromAndWhatItReads) {
  const auto result = run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, MatchesRegex("sketchscope [0-9]+\\.[0-9]+\\.[0-9]+\n"
                                       "commit: (unknown|[0-9a-f]{10,}(-dirty)?)\n"
                                       "libtorch: (not built|[0-9]+\\.[0-9.]+)\n"
                                       "cuda: [^\n]+\n"
                                       "instructions: (plain|avx2|avx512|avx512vnni)\n"
                                       "(reads [^\n]+: sketchscope/[^\n]+\n){4}"));
}

TEST_F(CommandLine, ListsSubcommandsInItsHelp) {
  const auto result = run({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  for (const char* name : {"generate", "eval", "logits", "tokenize", "view", "script"}) {
    EXPECT_THAT(result.out, HasSubstr(name));
  }
}

TEST_F(CommandLine, NamesEveryKnobInTheHelpOfASubcommand) {
  const auto result = run({"generate", "--help"});
  EXPECT_EQ(result.exit_code, 0);
  for (const char* flag : {"--policy", "--max-cache-size", "--sketch-width", "--top-p", "--seed",
                           "--recent-window", "--prompt", "--json", "--record"}) {
    EXPECT_THAT(result.out, HasSubstr(flag));
  }
}

TEST_F(CommandLine, RefusesAnUnknownFlagAndNamesTheNearest) {
  expect_refused(run({"generate", "--polcy", "window"}), 2, {"'--polcy'", "--policy"});
  expect_refused(run({"eval", "--max-cache-sise=3"}), 2, {"--max-cache-sise", "--max-cache-size"});
}

TEST_F(CommandLine, RefusesAnUnknownSubcommandAndNamesTheNearest) {
  expect_refused(run({"generat"}), 2, {"'generat'", "generate"});
}

TEST_F(CommandLine, RefusesAFlagWithoutItsValue) {
  expect_refused(run({"generate", "--policy"}), 2, {"--policy"});
}

TEST_F(CommandLine, RefusesAKnobOutOfRangeWithItsRange) {
  expect_refused(run({"generate", "--max-cache-size", "0"}), 2, {"max_cache_size", "'0'", "1"});
  expect_refused(run({"generate", "--sinks", "-1"}), 2, {"sinks", "'-1'"});
  expect_refused(run({"generate", "--top-p", "nan"}), 2, {"top_p", "'nan'"});
  expect_refused(run({"generate", "--policy", "lru"}), 2, {"policy", "'lru'", "heavy-hitter"});
  expect_refused(run({"generate", "--threads", "none"}), 2, {"--threads", "'none'"});
  expect_refused(run({"generate", "--audit", "maybe"}), 2, {"--audit", "'maybe'", "on, off"});
}

TEST_F(CommandLine, RefusesKnobsThatContradictEachOther) {
  expect_refused(
      run_on_tiny_model({"generate", "--tokens", "1", "--sinks", "8", "--max-cache-size", "8"}), 2,
      {"max_cache_size", "sinks"});
}

TEST_F(CommandLine, RefusesADeviceThatIsNotThere) {
  const auto result =
      run_on_tiny_model({"generate", "--device", "cuda", "--tokens", "1", "--max-new-tokens", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("cuda"));
  EXPECT_THAT(result.err, HasSubstr("--device cpu"));
}

class Configuration : public CommandFixture {
 protected:
  [[nodiscard]] ProgramResult run_with(const std::string& config,
                                       std::vector<std::string> more = {}) const {
    const auto file = output().parent_path() / "knobs.json";
    write_bytes(file, config);
    std::vector<std::string> arguments = {
        "generate", "--tokens", "1 2", "--json", "-", "--config", file, "--max-new-tokens", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_on_tiny_model(arguments);
  }
};

TEST_F(Configuration, SetsKnobsAndFlagsGoBeforeIt) {
  const auto result =
      run_with(R"({"policy": "window", "max_cache_size": 20, "sinks": 2})", {"--sinks", "3"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto config = nlohmann::json::parse(result.out).at("config");
  EXPECT_EQ(config.at("policy"), "window");
  EXPECT_EQ(config.at("max_cache_size"), 20);
  EXPECT_EQ(config.at("sinks"), 3);
  EXPECT_EQ(config.at("recent_window"), 32);
}

TEST_F(Configuration, MayBeTheResultOfAnEarlierRun) {
  const auto earlier = run_with(R"({"policy": "tova", "max_cache_size": 11})");
  ASSERT_EQ(earlier.exit_code, 0) << earlier.err;
  const auto again = run_with(earlier.out);
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(nlohmann::json::parse(again.out).at("config"),
            nlohmann::json::parse(earlier.out).at("config"));
}

TEST_F(Configuration, IsRefusedWithTheNameOfItsFile) {
  expect_refused(run_with("{policy"), 2, {"knobs.json", "no JSON at line 1"});
  expect_refused(run_with("[1]"), 2, {"knobs.json", "array"});
  expect_refused(run_with(R"({"polcy": "window"})"), 2, {"knobs.json", "'polcy'", "policy"});
  expect_refused(run_with(R"({"sinks": "many"})"), 2, {"knobs.json", "sinks", "'many'"});
  expect_refused(run_with(R"({"sinks": 1.5})"), 2, {"knobs.json", "sinks", "'1.5'"});
  expect_refused(run_on_tiny_model({"generate", "--tokens", "1", "--config", "/no/such.json"}), 1,
                 {"/no/such.json", "No such file"});
}

}  // namespace
}  // namespace sketchscope::support
