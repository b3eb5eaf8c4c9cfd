#include <signal.h>

#include <chrono>
#include <map>
#include <thread>

#include "engine/core/files.hpp"
#include "engine/core/random.hpp"
#include "engine/run/run_file.hpp"
#include "tests/cli/commands.hpp"
#include "tests/support/running_program.hpp"

namespace sketchscope::support {
namespace {

using Clock = std::chrono::steady_clock;

bool is_whole_json_lines(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!nlohmann::json::accept(line)) return false;
  }
  return text.empty() || text.ends_with('\n');
}

bool is_whole_run(const std::filesystem::path& file) {
  try {
    return !run::load_run(file).records.empty();
  } catch (const std::exception&) {
    return false;
  }
}

/// Returns the name that a file has or was about to get in place of an older one.
std::string final_name(const std::filesystem::path& file) {
  const std::string name = file.filename();
  return name.starts_with(".") ? std::filesystem::path(name.substr(1)).stem().string() : name;
}

/// Returns whether a file is what a command wrote to its end, by its ending.
bool is_whole(const std::filesystem::path& file) {
  const std::string bytes = read_bytes(file);
  const std::string name = final_name(file);
  if (name.ends_with(".json")) return nlohmann::json::accept(bytes);
  if (name.ends_with(".jsonl")) return is_whole_json_lines(bytes);
  if (name.ends_with(".scope")) return is_whole_run(file);
  if (name.ends_with(".svg")) return bytes.ends_with("</svg>\n");
  if (name.ends_with(".html")) return bytes.ends_with("</html>\n");
  return !bytes.empty() && bytes.ends_with('\n');
}

/// Programs that are killed at random moments.
class Killed : public CommandFixture {
 protected:
  Killed() {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "the cat " + std::to_string(i * 37 % 101) + " ";
    write_bytes(folder() / "text.txt", text);
    write_bytes(folder() / "grid.json", R"({"base": {"sinks": 2, "recent_window": 3},
      "blocks": [{"policy": ["sketch", "tova"], "max_cache_size": [8, 12, 16, 20, 24, 28]}],
      "quick": {"prompts": 1, "lengths": [32], "new_tokens": 8, "text_tokens": 64}})");
  }

  [[nodiscard]] std::filesystem::path folder() const { return output().parent_path(); }

  [[nodiscard]] std::vector<std::string> sweep(const std::filesystem::path& out) const {
    return {"sweep",
            "--model",
            model(),
            "--text",
            folder() / "text.txt",
            "--grid",
            folder() / "grid.json",
            "--out",
            out,
            "--resume",
            "--lanes",
            "4"};
  }

  /// Kills the command `times` times, each within the time that it takes undisturbed, and expects
  /// every file whole after each.
  void kill_often(const std::vector<std::string>& words, int times, std::uint64_t seed) const {
    const auto start = Clock::now();
    ASSERT_EQ(run(words).exit_code, 0);
    const std::map<std::string, std::uintmax_t> sizes = steady_sizes();
    const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    core::SplitMix64 random(seed);
    for (int time = 0; time < times; ++time) {
      for (const auto& entry : std::filesystem::directory_iterator(output())) {
        // Half of the runs replace files, the others make them.
        if (time % 2 == 0) std::filesystem::remove_all(entry.path());
      }
      RunningProgram victim(SKETCHSCOPE_PROGRAM, words);
      std::this_thread::sleep_for(random.uniform() * whole);
      victim.signal(SIGKILL);
      (void)victim.wait();
      expect_whole_files(sizes);
    }
  }

 private:
  /// Returns the sizes of weights, checkpoints and a study's prompt, which are the same in every
  /// run.
  [[nodiscard]] std::map<std::string, std::uintmax_t> steady_sizes() const {
    std::map<std::string, std::uintmax_t> sizes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(output())) {
      const auto ending = entry.path().extension();
      if (ending != ".safetensors" && ending != ".bin" && ending != ".txt") continue;
      sizes[entry.path().filename()] = entry.file_size();
    }
    return sizes;
  }

  void expect_whole_files(const std::map<std::string, std::uintmax_t>& sizes) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(output())) {
      if (!entry.is_regular_file()) continue;
      if (const auto size = sizes.find(final_name(entry.path())); size != sizes.end()) {
        EXPECT_EQ(entry.file_size(), size->second) << entry.path();
      } else {
        EXPECT_TRUE(is_whole(entry.path())) << entry.path();
      }
    }
  }
};

TEST_F(Killed, LeavesWholeFilesOrNoneOfASavedRun) {
  kill_often({"generate", "--model", model(), "--tokens", "1 2", "--ignore-eos", "--save",
              output() / "run.scope", "--record", output() / "steps.jsonl", "--json",
              output() / "result.json"},
             20, 1);
}

TEST_F(Killed, LeavesWholeFilesOrNoneOfAStudy) {
  kill_often(sweep(output() / "study"), 15, 2);
}

TEST_F(Killed, LeavesWholeFilesOrNoneOfAReport) {
  ASSERT_EQ(run(sweep(folder() / "study")).exit_code, 0);
  kill_often({"report", folder() / "study", "--out", output()}, 10, 3);
}

TEST_F(Killed, LeavesAWholePictureOrNone) {
  if (!has_window()) GTEST_SKIP() << "this build has no window";
  kill_often({"view", "--offscreen", "--model", model(), "--prompt", "the", "--frames", "2",
              "--screenshot", output() / "window.svg"},
             5, 5);
}

TEST_F(Killed, LeavesWholeFilesOrNoneOfATraining) {
  if (!has_trainer()) GTEST_SKIP() << "this build has no trainer";
  kill_often({"train", "--out", output() / "train", "--stop-after", "1"}, 3, 4);
}

}  // namespace
}  // namespace sketchscope::support
