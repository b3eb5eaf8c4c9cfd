#include <cmath>

#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class EvalCommand : public CommandFixture {
 protected:
  EvalCommand() {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "the cat " + std::to_string(i) + " ";
    write_bytes(text_file(), text);
  }

  [[nodiscard]] std::filesystem::path text_file() const {
    return output().parent_path() / "text.txt";
  }

  [[nodiscard]] Json eval(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"eval", "--text", text_file(), "--json", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run_on_tiny_model(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out);
  }
};

TEST_F(EvalCommand, ScoresAllButTheFirstTokenOfEveryChunk) {
  const Json json = eval({"--max-tokens", "101", "--context", "20", "--policy", "full"});
  EXPECT_EQ(json.at("schema"), "sketchscope/eval/1");
  const Json& result = json.at("result");
  EXPECT_EQ(result.at("tokens"), 5 * 19);  // the chunk of one token is skipped
  EXPECT_NEAR(result.at("perplexity"), std::exp(result.at("nll").get<double>()), 1e-9);
  EXPECT_EQ(result.at("evictions"), 0);
  EXPECT_EQ(json.at("config").at("policy"), "full");
}

TEST_F(EvalCommand, BeginsChunksWithAStartTokenAsTheTokenizerOrAFlagSays) {
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"--max-tokens", "101", "--context", "21"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return eval(arguments);
  };
  const Json plain = run({});
  EXPECT_EQ(plain.at("result").at("tokens"), 4 * 20 + 16);
  EXPECT_FALSE(plain.contains("start_token"));
  write_bytes(model() / "tokenizer_config.json",
              R"({"bos_token": "<|endoftext|>", "add_bos_token": true})");
  const Json started = run({});
  EXPECT_EQ(started.at("result").at("tokens"), 101);  // the start token alone is not scored
  EXPECT_EQ(started.at("start_token"), 259);
  EXPECT_EQ(run({"--bos", "on"}).at("result"), started.at("result"));
  EXPECT_EQ(run({"--bos", "off"}).at("result").at("nll"), plain.at("result").at("nll"));
}

TEST_F(EvalCommand, SetsWhatEvictionsCostBesideTheirRegret) {
  const std::vector<std::string> run = {"--context",        "40", "--max-tokens",    "120",
                                        "--max-cache-size", "12", "--recent-window", "4",
                                        "--counterfactual", "9"};
  const Json json = eval(run);
  const Json& found = json.at("counterfactual");
  EXPECT_EQ(found.at("evictions").size(), 9);
  EXPECT_EQ(found.at("repeated_exactly"), true);
  EXPECT_LE(std::abs(found.at("extra").at("spearman").get<double>()), 1);
  EXPECT_LT(found.at("next").at("pearson_low"), found.at("next").at("pearson_high"));
  for (const Json& one : found.at("evictions")) {
    double sum = 0;
    for (const double change : one.at("extra").at("changes")) sum += change;
    EXPECT_NEAR(one.at("extra").at("sum"), sum, 1e-12);
    EXPECT_GE(one.at("regret"), 0);
  }
  std::vector<std::string> words = {"eval", "--text", text_file()};
  words.insert(words.end(), run.begin(), run.end());
  const auto printed = run_on_tiny_model(words);
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("9 drawn of 162"));
  EXPECT_THAT(printed.out, HasSubstr("with regret, Spearman"));
}

TEST_F(EvalCommand, RefusesToAskWhatEvictionsCostWhereThereAreNone) {
  const auto refused = run_on_tiny_model({"eval", "--text", text_file(), "--context", "20",
                                          "--policy", "full", "--counterfactual", "3"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("policy 'full'"));
}

TEST_F(EvalCommand, DoesNotDependOnLanesOrThreads) {
  const auto nll = [&](const std::string& lanes, const std::string& threads) {
    return eval({"--max-tokens", "200", "--context", "32", "--max-cache-size", "12", "--sinks", "2",
                 "--recent-window", "4", "--lanes", lanes, "--threads", threads})
        .at("result")
        .at("nll");
  };
  const Json alone = nll("1", "1");
  EXPECT_EQ(nll("5", "1"), alone);
  EXPECT_EQ(nll("3", "2"), alone);
}

TEST_F(EvalCommand, ComparesWithTheTwinOnRequest) {
  const std::vector<std::string> capped = {
      "--max-tokens", "100", "--max-cache-size", "12", "--recent-window", "4", "--twin"};
  const Json result = eval(capped).at("result");
  EXPECT_GT(result.at("logit_kl"), 0);
  EXPECT_LT(result.at("retained_mass"), 1);
  EXPECT_GT(result.at("evictions"), 0);
  const Json full = eval({"--max-tokens", "100", "--policy", "full", "--twin"}).at("result");
  EXPECT_EQ(full.at("logit_kl"), 0);
  EXPECT_EQ(full.at("top1_agreement"), 1);
}

TEST_F(EvalCommand, WritesIntervalsOverChunksAndNoneOfASingleChunk) {
  const std::vector<std::string> capped = {
      "--max-tokens", "60", "--max-cache-size", "12", "--recent-window", "4", "--twin"};
  EXPECT_FALSE(eval(capped).at("result").contains("perplexity_low"));
  auto in_chunks = capped;
  in_chunks.insert(in_chunks.end(), {"--context", "20"});
  const Json result = eval(in_chunks).at("result");
  EXPECT_LT(result.at("perplexity_low"), result.at("perplexity"));
  EXPECT_GT(result.at("chunks"), 1) << "over which the interval is";
  EXPECT_GT(result.at("perplexity_high"), result.at("perplexity"));
  EXPECT_NEAR(result.at("perplexity_ratio"),
              result.at("perplexity").get<double>() / result.at("full_perplexity").get<double>(),
              1e-9);
  EXPECT_LE(result.at("perplexity_ratio_low"), result.at("perplexity_ratio"));
}

TEST_F(EvalCommand, ContinuesEachChunkBesideTheFullCache) {
  const std::vector<std::string> length = {"--max-tokens", "120",        "--context",
                                           "40",           "--continue", "8"};
  auto capped = length;
  capped.insert(capped.end(), {"--max-cache-size", "8", "--sinks", "0", "--recent-window", "2"});
  const Json result = eval(capped).at("result");
  EXPECT_EQ(result.at("continuations"), 3);
  EXPECT_LT(result.at("token_agreement"), 1);
  auto whole = length;
  whole.insert(whole.end(), {"--policy", "full"});
  const Json same = eval(whole).at("result");
  EXPECT_EQ(same.at("token_agreement"), 1);
  EXPECT_EQ(same.at("bleu4"), 1);
  EXPECT_EQ(same.at("identical_continuations"), 3);
}

TEST_F(EvalCommand, PicksTheCapacityThatAByteBudgetLeaves) {
  const auto run = [&](const std::string& bytes) {
    return eval({"--max-tokens", "64", "--sketch-width", "16", "--sinks", "1", "--recent-window",
                 "4", "--max-bytes", bytes});
  };
  const Json json = run("10000");
  const Json memory = json.at("memory");
  const int held = memory.at("kv_bytes").get<int>() + memory.at("sketch_bytes").get<int>() +
                   memory.at("statistics_bytes").get<int>();
  const int slot = 2 * 2 * 16 * 4;  // of two layers, keys and values
  EXPECT_LE(held, 10000);
  EXPECT_GT(held, 10000 - slot);
  EXPECT_LT(json.at("config").at("max_cache_size"), run("12000").at("config").at("max_cache_size"));
}

TEST_F(EvalCommand, RefusesAByteBudgetThatNothingFits) {
  const std::string text = text_file();
  expect_refused(run_on_tiny_model({"eval", "--text", text, "--max-bytes", "100"}), 2,
                 {"--max-bytes", "100", "or more"});
  expect_refused(run_on_tiny_model({"eval", "--text", text, "--max-bytes", "1M"}), 2,
                 {"--max-bytes", "1M"});
  expect_refused(
      run_on_tiny_model({"eval", "--text", text, "--policy", "full", "--max-bytes", "100000"}), 2,
      {"full"});
  expect_refused(
      run_on_tiny_model({"eval", "--text", text, "--max-cache-size", "9", "--max-bytes", "100000"}),
      2, {"either"});
}

TEST_F(EvalCommand, MeasuresTheOracleBesideThePolicy) {
  const Json json = eval({"--max-tokens", "128", "--policy", "window", "--max-cache-size", "12",
                          "--recent-window", "4", "--oracle"});
  EXPECT_GT(json.at("oracle").at("retained_mass"), json.at("result").at("retained_mass"));
  EXPECT_LT(json.at("oracle").at("regret"), json.at("result").at("regret"));
  EXPECT_EQ(json.at("oracle").at("evictions"), json.at("result").at("evictions"));
}

TEST_F(EvalCommand, PairsWithOtherKnobsAndSaysWhereBothDidTheSame) {
  const auto file = output() / "other.json";
  const std::vector<std::string> window = {"--max-tokens",     "128",    "--context",       "32",
                                           "--policy",         "window", "--against",       file,
                                           "--max-cache-size", "12",     "--recent-window", "4"};
  write_bytes(file, R"({"policy": "tova"})");
  const Json other = eval(window).at("against");
  EXPECT_EQ(other.at("config").at("policy"), "tova");
  EXPECT_EQ(other.at("config").at("max_cache_size"), 12);
  EXPECT_LE(other.at("times_its_perplexity_low"), other.at("times_its_perplexity"));
  EXPECT_EQ(other.at("evicted_alike"), false);
  write_bytes(file, R"({"policy": "heavy-hitter", "recent_window": 12})");
  EXPECT_EQ(eval(window).at("against").at("evicted_alike"), true);
  write_bytes(file, R"({"policy": "none such"})");
  auto arguments = window;
  arguments.insert(arguments.begin(), {"eval", "--text", text_file()});
  expect_refused(run_on_tiny_model(arguments), 2, {"other.json", "none such"});
}

TEST_F(EvalCommand, MovesTheCapacityToHoldATarget) {
  const Json json =
      eval({"--max-tokens", "64", "--policy", "heavy-hitter", "--max-cache-size", "12",
            "--recent-window", "4", "--target", "retained-mass", "--target-value", "0.99"});
  EXPECT_GT(json.at("result").at("mean_capacity"), 12);
  expect_refused(run_on_tiny_model({"eval", "--text", text_file(), "--target", "logit-kl"}), 2,
                 {"target", "twin"});
}

TEST_F(EvalCommand, FailsWhereAFigureIsBeyondItsLimit) {
  const auto verdict = output() / "eval.xml";
  const auto gated = [&](const std::vector<std::string>& limits) {
    std::vector<std::string> arguments = {
        "eval",     "--text", text_file(),        "--max-tokens", "128",    "--context",       "32",
        "--policy", "window", "--max-cache-size", "12",           "--twin", "--recent-window", "4",
        "--junit",  verdict};
    arguments.insert(arguments.end(), limits.begin(), limits.end());
    return run_on_tiny_model(arguments);
  };
  const auto kept = gated({"--fail-above", "perplexity_ratio=1000,memory.kv_bytes=1e6",
                           "--fail-below", "retained_mass=0.001"});
  EXPECT_EQ(kept.exit_code, 0) << kept.err;
  EXPECT_THAT(kept.out, HasSubstr("perplexity"));
  EXPECT_THAT(read_bytes(verdict), HasSubstr("name=\"eval\" tests=\"3\" failures=\"0\""));
  EXPECT_THAT(read_bytes(verdict), HasSubstr("perplexity_ratio &lt;= 1000"));

  const auto failed = gated({"--fail-above", "perplexity_ratio=0.01,evictions=100000"});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.err, HasSubstr("perplexity_ratio is "));
  EXPECT_THAT(failed.err, HasSubstr("above 0.01"));
  EXPECT_THAT(failed.out, HasSubstr("perplexity")) << "what was measured is there all the same";
  EXPECT_THAT(read_bytes(verdict), HasSubstr("tests=\"2\" failures=\"1\""));
  EXPECT_EQ(gated({"--fail-below", "retained_mass=1.1"}).exit_code, 1);
}

TEST_F(EvalCommand, JudgesTheRatioToOtherKnobs) {
  const auto file = output() / "other.json";
  write_bytes(file, R"({"policy": "window"})");
  const std::vector<std::string> same = {
      "eval", "--text",          text_file(), "--max-tokens", "128", "--context",
      "32",   "--policy",        "window",    "--against",    file,  "--max-cache-size",
      "12",   "--recent-window", "4",         "--fail-above"};
  const auto with = [&](const std::string& limit) {
    auto arguments = same;
    arguments.push_back(limit);
    return run_on_tiny_model(arguments);
  };
  EXPECT_EQ(with("against.times_its_perplexity=1").exit_code, 0) << "it is 1 to itself";
  const auto above = with("against.times_its_perplexity=0.99");
  EXPECT_EQ(above.exit_code, 1);
  EXPECT_THAT(above.err, HasSubstr("against.times_its_perplexity is 1 (1 to 1), above 0.99"));
}

TEST_F(EvalCommand, NeverPassesALimitOfWhatWasNotMeasured) {
  const auto verdict = output() / "eval.xml";
  const auto gated = [&](const std::string& text, const std::string& limit) {
    return run_on_tiny_model(
        {"eval", "--text", text, "--max-tokens", "64", "--fail-above", limit, "--junit", verdict});
  };
  const auto missing = gated(text_file(), "perplexity_ratio=9");
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("perplexity_ratio"));
  EXPECT_THAT(missing.err, HasSubstr("--twin"));
  EXPECT_THAT(read_bytes(verdict), HasSubstr("failures=\"1\""));
  EXPECT_EQ(gated(text_file(), "perplexity=1e9").exit_code, 0);
  EXPECT_EQ(gated("/no/such", "perplexity=1e9").exit_code, 1);
  EXPECT_THAT(read_bytes(verdict), HasSubstr("/no/such")) << "no verdict of an earlier run stands";
}

TEST_F(EvalCommand, RefusesALimitItCannotRead) {
  const std::string text = text_file();
  for (const char* limit : {"perplexity", "perplexity=low", "=3", "perplexity=nan", "", " "}) {
    expect_refused(run_on_tiny_model({"eval", "--text", text, "--fail-above", limit}), 2,
                   {"--fail-above", "FIGURE=LIMIT"});
  }
  expect_refused(run_on_tiny_model({"eval", "--text", text, "--junit", output() / "a.xml"}), 2,
                 {"--junit", "--fail-above"});
  expect_refused(run_on_tiny_model({"eval", "--text", text, "--fail-below", "perplexity=1",
                                    "--junit", "/no/such/a.xml"}),
                 1, {"/no/such/a.xml"});
}

TEST_F(EvalCommand, PrintsItsFiguresWithoutJson) {
  const auto result = run_on_tiny_model({"eval", "--text", text_file(), "--max-tokens", "40"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("perplexity"));
}

TEST_F(EvalCommand, WarnsThatAModelOfRandomWeightsCannotReadTheText) {
  const auto result = run_on_tiny_model({"eval", "--text", text_file(), "--max-tokens", "40"});
  EXPECT_THAT(result.out, HasSubstr("cannot read this text. The perplexity of this cache is"));
  const Json json = eval({"--max-tokens", "40", "--twin"});
  EXPECT_THAT(json.at("result").at("warnings").back().get<std::string>(),
              HasSubstr("The perplexity of the full cache is"));
}

TEST_F(EvalCommand, RefusesWhatItCannotScore) {
  expect_refused(run_on_tiny_model({"eval"}), 2, {"--text"});
  expect_refused(run_on_tiny_model({"eval", "--text", "/no/such"}), 1,
                 {"/no/such", "No such file"});
  expect_refused(run_on_tiny_model({"eval", "--text", output()}), 1, {"a folder"});
  expect_refused(run_on_tiny_model({"eval", "--text", text_file(), "--context", "65"}), 2,
                 {"65", "64"});
  expect_refused(run_on_tiny_model({"eval", "--text", text_file(), "--prefill", "full"}), 2,
                 {"prefill"});
  write_bytes(text_file(), "");
  expect_refused(run_on_tiny_model({"eval", "--text", text_file()}), 1, {"text.txt", "0 tokens"});
}

}  // namespace
}  // namespace sketchscope::support
