#include "gui/driver/run_script.hpp"

#include <chrono>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/junit.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/scripted_user.hpp"

namespace sketchscope::driver {
namespace {

using Clock = std::chrono::steady_clock;

/// Runs a script's lines. A failed line ends its case, and execution continues at the next `test`.
class Runner {
 public:
  Runner(DrivenWindow& window, const std::filesystem::path& script, std::filesystem::path out)
      : user_(window, std::move(out), script.parent_path()), started_(Clock::now()) {
    result_.cases.push_back({.name = script.stem().string()});
  }

  ScriptResult run(const std::vector<ScriptLine>& lines) {
    try {
      run_lines(lines);
    } catch (const core::Cancelled& cancelled) {
      result_.cases.back().failure = cancelled.what();
      result_.cases.back().log.emplace_back(cancelled.what());
    }
    end_case();
    return std::move(result_);
  }

 private:
  void run_lines(const std::vector<ScriptLine>& lines) {
    for (const ScriptLine& line : lines) {
      if (line.verb() == "test") {
        begin_case(line);
      } else if (!result_.cases.back().failure.empty()) {
        continue;
      } else if (line.verb() == "repeat") {
        for (int i = 0; i < line.times; ++i) run_lines(line.body);
      } else {
        run_line(line);
      }
    }
  }

  void run_line(const ScriptLine& line) {
    ScriptCase& current = result_.cases.back();
    std::string entry = "line " + std::to_string(line.number) + ": " + line.text;
    try {
      user_.carry_out(line);
      ++current.actions;
      if (const std::string remark = user_.take_remark(); !remark.empty()) {
        entry += "  (" + remark + ")";
      }
    } catch (const core::Cancelled&) {
      throw;
    } catch (const std::exception& error) {
      current.failure = entry + "\n" + error.what();
      entry += "  FAILED: " + std::string(error.what());
      user_.screenshot("failure-line-" + std::to_string(line.number) + ".png");
    }
    current.log.push_back(std::move(entry));
  }

  void begin_case(const ScriptLine& line) {
    end_case();
    // Without lines before the first `test`, the case named after the file is removed.
    if (result_.cases.back().actions == 0 && result_.cases.back().failure.empty()) {
      result_.cases.pop_back();
    }
    std::string name;
    for (std::size_t i = 1; i < line.words.size(); ++i) name += (i > 1 ? " " : "") + line.words[i];
    result_.cases.push_back({.name = std::move(name)});
    started_ = Clock::now();
  }

  void end_case() {
    const std::chrono::duration<double> elapsed = Clock::now() - started_;
    result_.cases.back().seconds = elapsed.count();
  }

  ScriptedUser user_;
  ScriptResult result_;
  Clock::time_point started_;
};

void write_verdict(const std::filesystem::path& script, const std::filesystem::path& out,
                   const ScriptResult& result) {
  std::vector<core::JunitCase> cases;
  for (const ScriptCase& one : result.cases) {
    cases.push_back(
        {.name = one.name, .seconds = one.seconds, .failure = one.failure, .log = one.log});
  }
  core::write_file(out / "junit.xml", core::junit_xml(script.stem().string(), cases));
}

/// Parses a script. One that cannot be read leaves a failed case, so that no verdict of an earlier
/// run stands for it.
std::vector<ScriptLine> parsed(const std::filesystem::path& script,
                               const std::filesystem::path& out) {
  try {
    return parse_script(core::read_file(script));
  } catch (const std::exception& error) {
    write_verdict(script, out,
                  {.cases = {{.name = script.stem().string(), .failure = error.what()}}});
    throw;
  }
}

}  // namespace

ScriptResult run_script(DrivenWindow& window, const std::filesystem::path& script,
                        const std::filesystem::path& out) {
  core::make_folder(out);
  const ScriptResult result = Runner(window, script, out).run(parsed(script, out));
  std::string log;
  for (const ScriptCase& one : result.cases) {
    for (const std::string& entry : one.log) log += entry + "\n";
  }
  core::write_file(out / "log.txt", log);
  write_verdict(script, out, result);
  return result;
}

}  // namespace sketchscope::driver
