// A policy that is typed as a formula, through every path by which knobs come in and go out.
#include <fstream>

#include "engine/run/run_file.hpp"
#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

class FormulaCommand : public CommandFixture {
 protected:
  FormulaCommand() {
    std::string text;
    for (int i = 0; i < 300; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
    write_bytes(text_file(), text);
  }

  [[nodiscard]] std::filesystem::path folder() const { return output().parent_path(); }
  [[nodiscard]] std::filesystem::path text_file() const { return folder() / "text.txt"; }

  [[nodiscard]] Json json_of(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--sinks", "2", "--recent-window", "3", "--json", "-"});
    const auto result = run_on_tiny_model(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out);
  }
  [[nodiscard]] Json eval(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"eval", "--text",    text_file(), "--max-tokens",
                                          "256",  "--context", "64",        "--max-cache-size",
                                          "16"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json_of(arguments);
  }
};

TEST_F(FormulaCommand, EvictsAsThePolicyThatItWritesDown) {
  const Json by_formula = eval({"--policy", "formula", "--formula", "mass / queries"});
  const Json by_policy = eval({"--policy", "age-normalized"});
  EXPECT_EQ(by_formula.at("config").at("formula"), "mass / queries");
  EXPECT_EQ(by_formula.at("result").at("nll"), by_policy.at("result").at("nll"));
  EXPECT_EQ(by_formula.at("result").at("decided"), by_policy.at("result").at("decided"));
  EXPECT_GT(by_formula.at("result").at("decided").at("victims_unlike_window"), 0);

  std::ofstream(folder() / "knobs.json") << R"({"policy": "formula", "formula": "mass / queries"})";
  EXPECT_EQ(eval({"--config", folder() / "knobs.json"}).at("result"), by_formula.at("result"));
}

TEST_F(FormulaCommand, SaysWhatIsWrongWithATextAndWhere) {
  const std::vector<std::string> eval = {"eval", "--text", text_file(), "--formula"};
  const auto refused = [&](const std::string& formula, const std::vector<std::string>& parts) {
    std::vector<std::string> arguments = eval;
    arguments.push_back(formula);
    expect_refused(run_on_tiny_model(arguments), 2, parts);
  };
  refused("mass*mess", {"formula", "column 6", "'mess'", "nearest: mass"});
  refused("exp(mass", {"column 9", "the end", "')'"});
  refused("", {"column 1", "a number, a name"});
}

TEST_F(FormulaCommand, WarnsWhereItIsWindowOrHasNoNumbers) {
  const auto warnings = [&](const std::string& formula) {
    return eval({"--policy", "formula", "--formula", formula})
        .at("result")
        .at("warnings")
        .get<std::vector<std::string>>();
  };
  EXPECT_THAT(warnings("-age"), Contains(HasSubstr("kept what window would keep")));
  EXPECT_THAT(warnings("log(mass - 1e9)"), Contains(HasSubstr("no number for a score")));
}

TEST_F(FormulaCommand, IsVariedByGrids) {
  write_bytes(folder() / "grid.json", R"json({
    "base": {"policy": "formula", "sinks": 2, "recent_window": 3, "max_cache_size": 12},
    "blocks": [{"formula": ["mass/queries", "mass/queries*norm_v", "min(mass, 2)"]}],
    "baselines": ["full"],
    "quick": {"text_tokens": 128}
  })json");
  const auto out = folder() / "study";
  const auto swept = run_on_tiny_model(
      {"sweep", "--grid", folder() / "grid.json", "--text", text_file(), "--out", out});
  ASSERT_EQ(swept.exit_code, 0) << swept.err;
  std::vector<std::string> files, formulas;
  for (const auto& entry : std::filesystem::directory_iterator(out / "results")) {
    files.push_back(entry.path().filename());
    const Json json = Json::parse(read_bytes(entry.path()));
    if (!json.contains("baseline")) formulas.push_back(json.at("config").at("formula"));
  }
  EXPECT_THAT(files, Contains("formula=mass%2Fqueries%2Anorm_v.json"));
  EXPECT_THAT(formulas,
              UnorderedElementsAre("mass/queries", "mass/queries*norm_v", "min(mass, 2)"));
  EXPECT_THAT(read_bytes(out / "summary.csv"), HasSubstr(",\"min(mass, 2)\","));

  const auto report = run({"report", out});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  EXPECT_THAT(read_bytes(out / "report.md"), HasSubstr("mass/queries*norm_v"));
}

TEST_F(FormulaCommand, IsKeptInRunFiles) {
  const auto file = folder() / "run.scope";
  const Json generated = json_of({"generate", "--prompt", "the cat", "--max-new-tokens", "20",
                                  "--ignore-eos", "--max-cache-size", "12", "--policy", "formula",
                                  "--formula", "min(mass, 2) - last", "--save", file});
  EXPECT_EQ(generated.at("config").at("formula"), "min(mass, 2) - last");
  EXPECT_EQ(run::load_run(file).knobs.formula.text(), "min(mass, 2) - last");
}

TEST_F(FormulaCommand, IsLearntFromATextAndComparedOnTheRest) {
  const Json json = json_of({"learn", "--text", text_file(), "--max-tokens", "640", "--context",
                             "64", "--max-cache-size", "16"});
  EXPECT_EQ(json.at("schema"), "sketchscope/learn/1");
  const Json& result = json.at("result");
  EXPECT_EQ(result.at("chunks"), 7) << "of 10, a third is held out";
  EXPECT_EQ(json.at("config").at("policy"), "formula");
  EXPECT_EQ(json.at("config").at("formula"), result.at("formula"));
  EXPECT_GT(result.at("explained"), 0);
  const Json& held_out = result.at("held_out");
  for (const char* name : {"learnt formula", "window", "tova", "oracle", "full"}) {
    EXPECT_GT(held_out.at(name).at("perplexity"), 1) << name;
  }
  const double best = held_out.at(result.at("best_policy")).at("perplexity");
  EXPECT_NEAR(result.at("times_the_best_policys_perplexity"),
              held_out.at("learnt formula").at("perplexity").get<double>() / best, 1e-9);

  // The printed formula is one that other commands take.
  const Json again = eval({"--policy", "formula", "--formula", result.at("formula")});
  EXPECT_EQ(again.at("config").at("formula"), result.at("formula"));
}

TEST_F(FormulaCommand, IsNotLearntFromTooLittle) {
  expect_refused(run_on_tiny_model({"learn", "--text", text_file(), "--max-tokens", "60"}), 2,
                 {"text to learn from", "60 tokens", "two chunks"});
  expect_refused(run_on_tiny_model({"learn"}), 2, {"--text FILE"});
}

}  // namespace
}  // namespace sketchscope::support
