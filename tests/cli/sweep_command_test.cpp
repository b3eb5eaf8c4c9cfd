#include <signal.h>

#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "engine/core/random.hpp"
#include "tests/cli/command_fixture.hpp"
#include "tests/cli/commands.hpp"
#include "tests/support/running_program.hpp"

namespace sketchscope::support {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Json = nlohmann::json;

std::vector<pid_t> children_of(pid_t parent) {
  std::ifstream file("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) +
                     "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

class SweepCommand : public CommandFixture {
 protected:
  SweepCommand() {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
    write_bytes(text_file(), text);
    write_bytes(grid_file(), R"({
      "base": {"sinks": 2, "recent_window": 3},
      "blocks": [{"policy": ["sketch", "tova", "window", "caote"],
                  "max_cache_size": [8, 12, 16, 20, 24, 28, 32, 36]}],
      "baselines": ["full", "int8"],
      "quick": {"prompts": 3, "lengths": [32, 64], "new_tokens": 16, "text_tokens": 640}
    })");
  }

  [[nodiscard]] std::filesystem::path folder() const { return output().parent_path(); }
  [[nodiscard]] std::filesystem::path text_file() const { return folder() / "text.txt"; }
  [[nodiscard]] std::filesystem::path grid_file() const { return folder() / "grid.json"; }

  [[nodiscard]] std::vector<std::string> sweep(const std::filesystem::path& out,
                                               std::vector<std::string> more) const {
    std::vector<std::string> words = {"sweep",  "--model",   model(), "--grid", grid_file(),
                                      "--text", text_file(), "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// All that a study says, its times excepted.
  static std::map<std::string, std::string> figures(const std::filesystem::path& out) {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(out / "results")) {
      const std::string name = entry.path().filename();
      if (name.starts_with(".")) continue;  // what a killed run had half written
      Json json = Json::parse(read_bytes(entry.path()));
      json.erase("timing");
      all[name] = json.dump();
    }
    all["summary.csv"] = read_bytes(out / "summary.csv");
    all["summary.json"] = read_bytes(out / "summary.json");
    return all;
  }

  [[nodiscard]] std::map<std::string, std::string> undisturbed() const {
    const auto result = run(sweep(folder() / "undisturbed", {}));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return figures(folder() / "undisturbed");
  }
};

TEST_F(SweepCommand, EndsWithTheSameBytesHoweverOftenItWasKilled) {
  const auto expected = undisturbed();
  ASSERT_EQ(expected.size(), 4U * 8 + 2 + 2);
  const auto out = folder() / "killed";
  core::SplitMix64 random(3);
  for (int round = 0; round < 20; ++round) {
    RunningProgram victim(SKETCHSCOPE_PROGRAM, sweep(out, {"--resume", "--lanes", "4"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + random.below(400)));
    victim.signal(SIGKILL);
    (void)victim.wait();
  }
  const auto result = run(sweep(out, {"--resume"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(figures(out), expected);
}

TEST_F(SweepCommand, LosesNothingWithAWorkerThatIsKilled) {
  const auto expected = undisturbed();
  const auto out = folder() / "workers";
  RunningProgram parent(SKETCHSCOPE_PROGRAM, sweep(out, {"--workers", "4", "--lanes", "4"}));
  std::vector<pid_t> workers;
  for (int nap = 0; nap < 500 && workers.size() < 3; ++nap) {
    std::this_thread::sleep_for(20ms);
    workers = children_of(parent.id());
  }
  ASSERT_EQ(workers.size(), 3U);
  std::this_thread::sleep_for(300ms);
  kill(workers[1], SIGKILL);
  EXPECT_EQ(parent.wait().exit_code, 0);
  EXPECT_EQ(figures(out), expected);
}

TEST_F(SweepCommand, RefusesAGridItDoesNotUnderstand) {
  write_bytes(grid_file(), R"({"blocks": [{"sketch_widht": 1}], "quick": {"text_tokens": 9}})");
  expect_refused(run(sweep(folder() / "a", {})), 2,
                 {"grid.json", "'sketch_widht'", "sketch_width"});
  write_bytes(grid_file(), "{");
  expect_refused(run(sweep(folder() / "a", {})), 2, {"grid.json", "no JSON at line 1"});
  expect_refused(run({"sweep", "--grid", "orignal", "--out", "a"}), 2, {"'orignal'", "original"});
  expect_refused(run({"sweep", "--grid", "original"}), 2, {"--out"});
  expect_refused(run({"sweep", "--out", "a"}), 2, {"--grid"});
  EXPECT_FALSE(std::filesystem::exists(folder() / "a"));
}

TEST_F(SweepCommand, DoesNotTouchAFolderOfResultsUnasked) {
  const auto before = undisturbed();
  expect_refused(run(sweep(folder() / "undisturbed", {})), 1, {"already holds", "--resume"});
  EXPECT_EQ(figures(folder() / "undisturbed"), before);
}

TEST_F(SweepCommand, KeepsWhatItHasWhenTheDiskIsFull) {
  const auto expected = undisturbed();
  const auto out = folder() / "full";
  // No file may grow beyond 4 KiB: a result does not fit, study.json does.
  const auto limited =
      run_program(SKETCHSCOPE_PROGRAM,
                  {.arguments = sweep(out, {"--lanes", "4"}),
                   .runner = {"bash", "-c", "trap '' XFSZ; ulimit -f 4; exec \"$@\"", "bash"}});
  expect_refused(limited, 1, {"cannot write", "results"});
  const auto result = run(sweep(out, {"--resume"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(figures(out), expected);
}

TEST_F(SweepCommand, LeavesAReportThatStandsAlone) {
  (void)undisturbed();
  const auto study = folder() / "undisturbed";
  const auto result = run({"report", study});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string html = read_bytes(study / "report.html");
  EXPECT_THAT(html, HasSubstr("<svg"));
  for (const char* elsewhere : {"src=", "<link", "@import", "<script"}) {
    EXPECT_THAT(html, ::testing::Not(HasSubstr(elsewhere)));
  }
  EXPECT_THAT(read_bytes(study / "report.md"), HasSubstr("plots/quality-against-bytes.svg"));
  // A name with commas is one cell.
  EXPECT_THAT(read_bytes(study / "plots" / "quality-against-bytes.csv"),
              ::testing::StartsWith("series,part,\"KiB of one lane: keys, values,"));

  const auto both = run({"report", study, study, "--out", output()});
  ASSERT_EQ(both.exit_code, 0) << both.err;
  EXPECT_THAT(read_bytes(output() / "differences.md"),
              HasSubstr("34 configurations are in both; in 34 of them"));
  expect_refused(run({"report", output()}), 1, {"holds no study"});
}

TEST_F(SweepCommand, LeavesRatiosBetweenConfigurationsAndFiguresForPrint) {
  (void)undisturbed();
  const auto study = folder() / "undisturbed";
  const auto result = run({"report", study, "--against", "policy=window;int8", "--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json pairs = Json::parse(result.out).at("pairs");
  ASSERT_EQ(pairs.size(), 26U + 33U);
  for (const Json& pair : pairs) {
    EXPECT_LE(pair.at("perplexity_ratio_low"), pair.at("perplexity_ratio"));
    EXPECT_GE(pair.at("perplexity_ratio_high"), pair.at("perplexity_ratio"));
    EXPECT_GT(pair.at("texts"), 1);
  }
  const auto alone = run({"report", study, "--json", "-"});
  const Json ranking = Json::parse(alone.out).at("ranking");
  ASSERT_EQ(ranking.size(), 34U);
  EXPECT_EQ(Json::parse(result.out).at("ranking"), ranking);
  for (std::size_t at = 1; at < ranking.size(); ++at) {
    EXPECT_EQ(ranking[at].at("place"), at + 1);
    EXPECT_LE(ranking[at - 1].at("perplexity"), ranking[at].at("perplexity"));
    EXPECT_LE(ranking[at].at("perplexity_low"), ranking[at].at("perplexity_high"));
    EXPECT_GT(ranking[at].at("bytes"), 0);
  }
  EXPECT_EQ(pairs.front().at("configuration"), "policy=sketch,max_cache_size=8");
  EXPECT_EQ(pairs.front().at("against"), "policy=window,max_cache_size=8");
  EXPECT_FALSE(std::filesystem::exists(study / "report.html"));

  const auto figure = output() / "ratio-against-capacity.svg";
  ASSERT_EQ(run({"report", study, "--figure", figure, "--mm", "85x55"}).exit_code, 0);
  EXPECT_THAT(read_bytes(figure), HasSubstr("width=\"85mm\""));
  expect_refused(run({"report", study, "--figure", output() / "ratio.svg"}), 2,
                 {"'ratio'", "no report has it", "ratio-against-capacity"});
  expect_refused(run({"report", study, "--figure", output() / "memory-split.svg"}), 2,
                 {"one size", "plots/memory-split.svg", "ratio-against-capacity"});
  expect_refused(run({"report", study, "--figure", output() / "ratio-against-capacity.png"}), 2,
                 {".svg or .pdf"});
  expect_refused(run({"report", study, "--mm", "85x55"}), 2, {"--figure"});
  expect_refused(run({"report", study, study, "--json", "-"}), 2, {"one folder"});
  expect_refused(run({"report", study, "--against", "polic=window"}), 2, {"'polic=window'"});
  if (!has_window()) return;
  ASSERT_EQ(run({"report", study, "--figure", output() / "ratio-against-capacity.pdf"}).exit_code,
            0);
  EXPECT_THAT(read_bytes(output() / "ratio-against-capacity.pdf"), ::testing::StartsWith("%PDF"));
}

}  // namespace
}  // namespace sketchscope::support
