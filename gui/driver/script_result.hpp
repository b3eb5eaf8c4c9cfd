#pragma once

#include <string>
#include <vector>

namespace sketchscope {

/// A named part of a script, and how it ended.
struct ScriptCase {
  std::string name;
  double seconds = 0;
  int actions = 0;      ///< lines carried out, repetitions counted
  std::string failure;  ///< empty if it passed; else what failed, where, and what was there instead
  std::vector<std::string> log;  ///< every action carried out, with its line
};

struct ScriptResult {
  std::vector<ScriptCase> cases;

  [[nodiscard]] bool passed() const {
    for (const auto& one : cases) {
      if (!one.failure.empty()) return false;
    }
    return true;
  }
};

/// The JUnit XML that continuous integration reads.
std::string junit_xml(const std::string& suite, const ScriptResult& result);

}  // namespace sketchscope
