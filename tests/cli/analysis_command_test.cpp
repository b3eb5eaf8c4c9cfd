// The commands that take one aspect apart: heads, reads, sketches and tale.
#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using Json = nlohmann::json;

class AnalysisCommand : public CommandFixture {
 protected:
  [[nodiscard]] std::string text() const {
    const auto file = output() / "text.txt";
    std::ofstream(file) << std::string(400, 'a');
    return file.string();
  }
  static Json json_of(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out, nullptr, false);
  }
};

TEST_F(AnalysisCommand, HeadsGivesEveryHeadThreeShares) {
  const Json json = json_of(run({"heads", "--max-tokens", "60", "--json", "-"}));
  EXPECT_EQ(json.at("schema"), "sketchscope/heads/1");
  ASSERT_THAT(json.at("heads"), SizeIs(36));  // six layers of six heads in the embedded model
  for (const Json& head : json.at("heads")) {
    for (const char* share : {"sink", "previous", "induction"}) {
      EXPECT_GE(head.at(share).get<double>(), 0) << head;
      EXPECT_LE(head.at(share).get<double>(), 1 + 1e-5) << head;
    }
  }
}

TEST_F(AnalysisCommand, ReadsComparesEveryReadOnTheSameSteps) {
  const Json json = json_of(run({"reads", "--text", text(), "--max-tokens", "120",
                                 "--max-cache-size", "32", "--recent-window", "8", "--json", "-"}));
  EXPECT_EQ(json.at("schema"), "sketchscope/reads/1");
  EXPECT_GT(json.at("steps"), 0);
  std::vector<std::string> names;
  for (const Json& row : json.at("rows")) {
    names.push_back(row.at("read").get<std::string>() + " " + row.value("aggregate", ""));
    EXPECT_GE(row.at("output_error").get<double>(), 0) << row;
    EXPECT_LE(row.at("retained_mass").get<double>(), 1 + 1e-6) << row;
  }
  EXPECT_THAT(names, ::testing::Contains("aggregate centroid"));
  EXPECT_THAT(names, ::testing::Contains("topk "));
}

TEST_F(AnalysisCommand, ReadsGivesNoErrorsWhereNothingWasEvicted) {
  const std::vector<std::string> words = {"reads", "--text", text(), "--max-tokens", "40"};
  auto with_json = words;
  with_json.insert(with_json.end(), {"--json", "-"});
  const Json json = json_of(run(with_json));
  EXPECT_EQ(json.at("steps"), 0);
  for (const Json& row : json.at("rows")) {
    EXPECT_FALSE(row.contains("output_error")) << row;
    EXPECT_GT(row.at("perplexity"), 0) << row;
  }
  EXPECT_THAT(run(words).out, HasSubstr("Nothing was evicted"));
}

TEST_F(AnalysisCommand, SketchesComparesKindsInEqualBytes) {
  const Json json =
      json_of(run({"sketches", "--text", text(), "--max-tokens", "120", "--json", "-"}));
  EXPECT_THAT(json.at("schema").get<std::string>(), HasSubstr("sketchscope/sketches/"));
  EXPECT_FALSE(json.at("rows").empty());
}

TEST_F(AnalysisCommand, TaleIsTheSameEveryTimeAndAnotherForAnotherSeed) {
  const auto tale = [&](const std::string& seed) {
    return run({"tale", "--seed", seed, "--characters", "300"}).out;
  };
  EXPECT_EQ(tale("3"), tale("3"));
  EXPECT_NE(tale("3"), tale("4"));
  EXPECT_GE(tale("3").size(), 300U);
}

TEST_F(AnalysisCommand, EachRefusesWhatItCannotUse) {
  expect_refused(run({"heads", "--max-tokens", "1"}), 2, {"--max-tokens", "1"});
  expect_refused(run({"reads", "--text", "/no/such/file"}), 1, {"/no/such/file"});
  expect_refused(run({"sketches", "--text", "/no/such/file"}), 1, {"/no/such/file"});
  expect_refused(run({"tale", "--split", "nowhere"}), 2, {"nowhere", "train"});
}

}  // namespace
}  // namespace sketchscope::support
