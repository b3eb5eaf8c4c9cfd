#include "tests/cli/commands.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Commands that write to a disk of a few KiB, a tmpfs in a namespace of their own.
class FullDisk : public CommandFixture {
 protected:
  FullDisk() {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
    write_bytes(folder() / "text.txt", text);
    std::filesystem::create_directory(disk());
  }

  void SetUp() override {
    if (run_on_disk({"--version"}).exit_code != 0) GTEST_SKIP() << "mounting is not allowed here";
  }

  [[nodiscard]] std::filesystem::path folder() const { return output().parent_path(); }
  [[nodiscard]] std::filesystem::path disk() const { return folder() / "disk"; }

  /// Runs the program with the disk mounted. The names of what the disk holds then, the hidden ones
  /// too, stand in a file beside it, and its files in `output()`.
  [[nodiscard]] ProgramResult run_on_disk(const std::vector<std::string>& words,
                                          const std::string& size = "16k") const {
    const std::string line = "mount -t tmpfs -o size=" + size + " none '" + disk().string() +
                             "' || exit 77; \"$0\" \"$@\"; code=$?; ls -A '" + disk().string() +
                             "' > '" + listing().string() + "'; cp -r '" + disk().string() +
                             "/.' '" + output().string() + "'; exit $code";
    return run({.arguments = words,
                .runner = {"unshare", "--map-root-user", "--mount", "sh", "-c", line}});
  }
  [[nodiscard]] std::filesystem::path listing() const { return folder() / "listing"; }

  /// Expects that the file which does not fit is named and leaves nothing behind.
  void expect_nothing_of(const std::string& name, const std::vector<std::string>& words) const {
    SCOPED_TRACE(name);
    const auto result = run_on_disk(words);
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("cannot write " + (disk() / name).string() +
                                      ": found No space left on device"));
    EXPECT_EQ(read_bytes(listing()), "");
  }
};

TEST_F(FullDisk, LeavesNoPartOfAFileThatDoesNotFit) {
  const std::string tiny = model();
  const std::string text = folder() / "text.txt";
  const std::vector<std::string> generate = {"generate", "--model",          tiny, "--tokens",
                                             "1 2",      "--max-new-tokens", "60", "--ignore-eos"};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  expect_nothing_of("run.scope", with(generate, {"--save", disk() / "run.scope"}));
  expect_nothing_of("steps.jsonl", with(generate, {"--record", disk() / "steps.jsonl"}));
  expect_nothing_of("logits.json", {"logits", "--tokens", "1", "--json", disk() / "logits.json"});
  expect_nothing_of("trace.json", {"bench", "decode", "--shape", "embedded", "--rounds", "3",
                                   "--lanes", "1,2", "--trace", disk() / "trace.json"});
  if (!has_window()) return;
  expect_nothing_of("a.png", {"view", "--model", tiny, "--offscreen", "--frames", "2",
                              "--screenshot", disk() / "a.png", "--prompt", "the"});
  expect_nothing_of("a.svg", {"view", "--model", tiny, "--offscreen", "--frames", "2",
                              "--screenshot", disk() / "a.svg", "--prompt", "the"});
}

TEST_F(FullDisk, LeavesWholeFilesOfAStudyAndAReport) {
  const auto grid = folder() / "grid.json";
  write_bytes(grid, R"({"base": {"sinks": 2, "recent_window": 3},
      "blocks": [{"policy": ["sketch", "tova"], "max_cache_size": [8, 12, 16, 20, 24, 28]}],
      "quick": {"prompts": 1, "lengths": [32], "new_tokens": 8, "text_tokens": 64}})");
  const std::vector<std::string> sweep = {
      "sweep",  "--model", model(), "--text",        folder() / "text.txt",
      "--grid", grid,      "--out", disk() / "study"};
  const auto result = run_on_disk(sweep, "48k");
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("cannot write " + (disk() / "study").string()));
  EXPECT_THAT(result.err, HasSubstr("No space left on device"));
  std::size_t whole = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(output())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_NE(entry.path().filename().string().front(), '.') << entry.path();
    if (entry.path().extension() != ".json") continue;
    EXPECT_TRUE(nlohmann::json::accept(read_bytes(entry.path()))) << entry.path();
    ++whole;
  }
  EXPECT_GT(whole, 0U) << "the disk was full before the first file";

  auto elsewhere = sweep;
  elsewhere.back() = folder() / "study";
  ASSERT_EQ(run(elsewhere).exit_code, 0);
  const auto report = run_on_disk({"report", folder() / "study", "--out", disk() / "report"});
  EXPECT_EQ(report.exit_code, 1) << report.err;
  EXPECT_THAT(report.err, HasSubstr("cannot write " + (disk() / "report").string()));
  EXPECT_FALSE(std::filesystem::exists(output() / "report" / "report.html"));
}

}  // namespace
}  // namespace sketchscope::support
