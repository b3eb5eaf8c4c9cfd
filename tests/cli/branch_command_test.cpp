#include <cmath>

#include "engine/core/files.hpp"
#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

class BranchCommand : public CommandFixture {
 protected:
  Json branch(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"branch",    "--tokens", "1 2 3 4 5 6 7",
                                          "--seed",    "3",        "--policy",
                                          "full",      "--json",   "-",
                                          "--threads", "1",        "--max-new-tokens",
                                          "12"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run_on_tiny_model(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out);
  }
};

TEST_F(BranchCommand, WritesTheTreeItsCostAndItsBaselines) {
  const Json json = branch({"--threshold", "0.5", "--ignore-eos", "--max-paths", "6"});
  EXPECT_EQ(json.at("schema"), "sketchscope/branch/1");
  EXPECT_EQ(json.at("prompt_tokens"), Json({1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(json.at("config").at("threshold"), 0.5);
  const Json& paths = json.at("paths");
  ASSERT_EQ(paths.size(), 6U);
  double before = 0;
  for (const Json& path : paths) {
    EXPECT_EQ(path.at("tokens").size(), 12U);
    EXPECT_LE(path.at("log_probability").get<double>(), before);
    before = path.at("log_probability");
    EXPECT_TRUE(path.contains("id") && path.contains("parent") && path.contains("text"));
    for (const Json& position : path.at("branch_positions")) {
      EXPECT_GE(position, 7);
      EXPECT_LT(position, 7 + 12);
    }
  }
  for (const auto& [method, tokens] : {std::pair{"sequential", 6 * (7 + 11)},
                                       {"batched", 6 * (7 + 11)},
                                       {"prompt_shared", 7 + 6 * 11}}) {
    EXPECT_EQ(json.at("baselines").at(method).at("tokens_forwarded"), tokens);
  }
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.at("cost").items()) keys.push_back(key);
  EXPECT_THAT(keys,
              UnorderedElementsAre("tokens_forwarded", "prompt_tokens", "path_steps", "wall_ms",
                                   "kv_bytes_peak", "kv_pages_peak", "tree_nodes"));
}

TEST_F(BranchCommand, GivesTheSamePathsOnCopiesAndSaysWhatBothCost) {
  const Json shared = branch({"--threshold", "0.5", "--cache", "cow"});
  const Json copied = branch({"--threshold", "0.5", "--cache", "copy"});
  const Json both = branch({"--threshold", "0.5", "--cache", "both"});
  EXPECT_EQ(shared.at("paths"), copied.at("paths"));
  EXPECT_EQ(shared.at("paths"), both.at("paths"));
  EXPECT_EQ(both.at("copies").at("kv_bytes_peak"), copied.at("cost").at("kv_bytes_peak"));
  EXPECT_EQ(both.at("cost").at("kv_bytes_peak"), shared.at("cost").at("kv_bytes_peak"));
  EXPECT_GT(both.at("copies").at("kv_bytes_peak"), both.at("cost").at("kv_bytes_peak"));
}

TEST_F(BranchCommand, SaysThatTheContextHasNoRoomForAStudy) {
  const auto result =
      run_on_tiny_model({"branch", "--study", "generated-length", "--out", output().string(),
                         "--prompt", std::string(300, 'a'), "--prompts", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  // The tiny model's context of 64 has no room for this study's prompts of 100 tokens.
  EXPECT_THAT(written(), IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("context"));
}

TEST_F(BranchCommand, RefusesAGreedyChoiceAndWhatCannotBe) {
  expect_refused(run({"branch", "--prompt", "a", "--temperature", "0"}), 2, {"temperature", "0"});
  expect_refused(run({"branch", "--prompt", "a", "--threshold", "1.5"}), 2, {"threshold", "1.5"});
  expect_refused(run({"branch", "--prompt", "a", "--branch-factor", "0"}), 2, {"branch_factor"});
  expect_refused(run({"branch", "--prompt", "a", "--cache", "none"}), 2, {"--cache", "none"});
  expect_refused(run({"branch"}), 2, {"--prompt"});
  expect_refused(run({"branch", "--study", "samples"}), 2, {"--out"});
  expect_refused(run({"branch", "--prompt", "a", "--out", "x"}), 2, {"--study"});
}

}  // namespace
}  // namespace sketchscope::support
