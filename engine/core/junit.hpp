#pragma once

#include <span>
#include <string>
#include <vector>

namespace sketchscope::core {

/// The result of one case of a test suite.
struct JunitCase {
  std::string name;
  double seconds = 0;
  std::string failure = {};           ///< description of the failure; empty if it passed
  std::vector<std::string> log = {};  ///< lines of what it did
};

/// Returns the results as JUnit XML, which systems of continuous integration read.
std::string junit_xml(const std::string& suite, std::span<const JunitCase> cases);

}  // namespace sketchscope::core
