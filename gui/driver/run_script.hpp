#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "gui/driver/driven_window.hpp"

namespace sketchscope::driver {

/// The result of a named part of a script.
struct ScriptCase {
  std::string name;
  double seconds = 0;
  int actions = 0;               ///< executed lines, including repetitions
  std::string failure;           ///< description of the failure; empty if it passed
  std::vector<std::string> log;  ///< executed lines with their numbers
};

/// The results of all cases of a script.
struct ScriptResult {
  std::vector<ScriptCase> cases;

  [[nodiscard]] bool passed() const {
    return std::ranges::all_of(cases, [](const ScriptCase& one) { return one.failure.empty(); });
  }
};

/// Runs a script (docs/scripts.md) on a window. Screenshots, `log.txt` and `junit.xml` go to
/// `out`. A failed line ends its case and saves the window as `failure-line-N.png`; where the
/// window throws Cancelled, the case fails as interrupted and is the last one. Throws Error that
/// names the line if the script cannot be parsed.
ScriptResult run_script(DrivenWindow& window, const std::filesystem::path& script,
                        const std::filesystem::path& out);

}  // namespace sketchscope::driver
