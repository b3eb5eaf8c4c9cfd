#pragma once

#include <string>
#include <vector>

namespace sketchscope {

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
    for (const auto& one : cases) {
      if (!one.failure.empty()) return false;
    }
    return true;
  }
};

/// Returns the result as JUnit XML for continuous integration.
std::string junit_xml(const std::string& suite, const ScriptResult& result);

}  // namespace sketchscope
