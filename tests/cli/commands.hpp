#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {

/// Returns the names of all subcommands, as the program's help lists them.
inline std::vector<std::string> subcommand_names() {
  std::istringstream help(run_program(SKETCHSCOPE_PROGRAM, {.arguments = {"--help"}}).out);
  std::vector<std::string> names;
  bool listed = false;
  for (std::string line; std::getline(help, line);) {
    if (line.starts_with("Subcommands:")) {
      listed = true;
    } else if (listed && line.starts_with("  ") && !line.starts_with("   ")) {
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    } else if (listed && !line.starts_with(" ")) {
      break;
    }
  }
  return names;
}

/// Returns whether the program is built with its window, which has commands of its own.
inline bool has_window() {
  return std::ranges::count(subcommand_names(), "view") > 0;
}

/// Returns whether the program is built with LibTorch, and so with its trainer.
inline bool has_trainer() {
  return std::ranges::count(subcommand_names(), "train") > 0;
}

}  // namespace sketchscope::support
