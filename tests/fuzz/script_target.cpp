#include "gui/driver/script.hpp"

#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

/// Writes each line as the recorder would, and reads it again.
void check_script_lines(const std::vector<driver::ScriptLine>& lines) {
  for (const driver::ScriptLine& line : lines) {
    require(!line.words.empty() && line.times >= 1, "a line without a verb");
    check_script_lines(line.body);
    if (line.verb() == "repeat") continue;
    const auto again = driver::parse_script(
        driver::script_statement(line.verb(), {line.words.begin() + 1, line.words.end()}));
    require(again.size() == 1 && again.front().words == line.words,
            "a line comes back with other words: " + line.text);
  }
}

bool run_script(std::string_view input) {
  const auto lines = accepted([&] { return driver::parse_script(input); });
  if (!lines) return false;
  check_script_lines(*lines);
  return true;
}

std::vector<std::string> script_seeds() {
  return {"test opens # a comment\nrepeat 2\n  click Run/play\n  repeat 1\n  end\nend\n",
          "type \"two \\\"words\\\" \\n\"\n"};
}

}  // namespace

Target script_target() {
  return {"script", "a script that drives the window", run_script, script_seeds};
}

}  // namespace sketchscope::fuzz
