#include "tests/cli/commands.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

/// Uses the embedded model, since the questions come from its test split.
class RecallCommand : public CommandFixture {
 protected:
  static Json recall(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"recall", "--items", "30", "--audit",
                                          "off",    "--json",  "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out);
  }

  static int right_far_back(const Json& json) {
    const auto& by_distance = json.at("result").at("by_distance");
    return by_distance.at(1).at("right").get<int>() + by_distance.at(2).at("right").get<int>();
  }
};

TEST_F(RecallCommand, FindsThatEvictionMatters) {
  const Json full = recall({"--policy", "full"});
  const Json window = recall({"--policy", "window", "--max-cache-size", "64"});
  EXPECT_EQ(full.at("schema"), "sketchscope/recall/1");
  EXPECT_EQ(full.at("result").at("evictions"), 0);
  EXPECT_GT(window.at("result").at("evictions"), 0);
  EXPECT_GE(right_far_back(full), 14);   // of 20
  EXPECT_LE(right_far_back(window), 5);  // of 20
}

TEST_F(RecallCommand, SharesTheQuestionsOutAmongTheDistances) {
  const Json result = recall({"--policy", "window"}).at("result");
  ASSERT_EQ(result.at("by_distance").size(), 3U);
  for (const Json& distance : result.at("by_distance")) {
    EXPECT_EQ(distance.at("asked"), 10);
    EXPECT_LE(distance.at("right"), 10);
  }
  EXPECT_GT(result.at("changed_facts").at("asked"), 0);
}

TEST_F(RecallCommand, KeepsItsLabelsAndFiguresApart) {
  const auto result = run({"recall", "--items", "1", "--audit", "off"});
  EXPECT_THAT(result.out, ::testing::ContainsRegex("right, changed facts [0-9]+ of"));
}

TEST_F(RecallCommand, RefusesNoQuestionsAtAll) {
  expect_refused(run({"recall", "--items", "0"}), 2, {"--items", "0"});
}

class TrainCommand : public CommandFixture {
  void SetUp() override {
    if (!has_trainer()) GTEST_SKIP() << "this build has no trainer";
  }
};

TEST_F(TrainCommand, RefusesAFolderThatCannotBeMade) {
  expect_refused(run({"train", "--out", "/proc/none/here"}), 1, {"/proc/none/here"});
}

TEST_F(TrainCommand, SaysHowItIsUsed) {
  EXPECT_THAT(run({"train", "--help"}).out, HasSubstr("--check"));
}

}  // namespace
}  // namespace sketchscope::support
