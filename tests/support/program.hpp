#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sketchscope::support {

/// The result of running a program.
struct ProgramResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

struct ProgramInput {
  std::vector<std::string> arguments;
  std::string standard_input;
  std::vector<std::string> runner;  ///< words of a command that starts the program
};

/// Runs this program without a display and waits for its end.
ProgramResult run_program(const std::filesystem::path& program, const ProgramInput& input);

}  // namespace sketchscope::support
