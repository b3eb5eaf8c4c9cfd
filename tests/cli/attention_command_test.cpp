#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

class AttentionCommand : public CommandFixture {
 protected:
  AttentionCommand() {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
    write_bytes(text_file(), text);
  }
  [[nodiscard]] std::filesystem::path text_file() const { return output() / "text.txt"; }
  [[nodiscard]] ProgramResult attention(std::vector<std::string> more) const {
    std::vector<std::string> words = {"attention", "--text",           text_file(), "--policy",
                                      "tova",      "--max-cache-size", "16",        "--sinks",
                                      "2",         "--recent-window",  "4"};
    words.insert(words.end(), more.begin(), more.end());
    return run_on_tiny_model(words);
  }
};

TEST_F(AttentionCommand, AgreesWithAnEvaluationOnTheMeanOverHeads) {
  const auto result = attention({"--max-tokens", "256", "--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.at("schema"), "sketchscope/attention/1");
  EXPECT_EQ(json.at("queries"), 256);
  ASSERT_EQ(json.at("heads").size(), 4U);  // of 2 layers
  double kl = 0;
  for (const Json& head : json.at("heads")) kl += head.at("attention_kl").get<double>() / 4;
  const auto evaluated = run_on_tiny_model(
      {"eval", "--text", text_file(), "--policy", "tova", "--max-cache-size", "16", "--sinks", "2",
       "--recent-window", "4", "--max-tokens", "256", "--json", "-"});
  const Json evaluation = Json::parse(evaluated.out);
  EXPECT_GT(kl, 0);
  EXPECT_NEAR(kl, evaluation.at("result").at("attention_kl").get<double>(), 1e-4);
}

TEST_F(AttentionCommand, WritesARowForEachHeadThatWasChosen) {
  const auto csv = output() / "heads.csv";
  const auto result = attention({"--layers", "1", "--queries", "20,40,60", "--csv", csv});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("means over"));
  const std::string rows = read_bytes(csv);
  EXPECT_THAT(rows, StartsWith("layer,head,retained_mass,attention_kl,attention_tv,"));
  EXPECT_EQ(std::ranges::count(rows, '\n'), 3);
  EXPECT_THAT(rows, HasSubstr("\n1,0,0."));
}

TEST_F(AttentionCommand, RefusesWhatCannotBeLookedAt) {
  expect_refused(attention({"--layers", "2"}), 2, {"layer", "2", "0 to 1"});
  expect_refused(attention({"--queries", "70"}), 2, {"query", "70", "0 to 63"});
  expect_refused(attention({"--queries", "40", "--context", "20"}), 2, {"no query"});
  expect_refused(run_on_tiny_model({"attention"}), 2, {"--text"});
}

}  // namespace
}  // namespace sketchscope::support
