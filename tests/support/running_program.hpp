#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::support {

/// A program that runs beside the test without a display. Its standard input is a pipe that nothing
/// is written to.
class RunningProgram {
 public:
  RunningProgram(const std::filesystem::path& program, std::vector<std::string> arguments);
  /// Kills the program if it still runs.
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  [[nodiscard]] pid_t id() const { return id_; }
  void signal(int number) const;
  /// Waits until the program keeps signals for itself, a few seconds at most. Returns whether it
  /// does.
  [[nodiscard]] bool wait_until_it_takes_signals() const;
  /// Waits for the end of the program. The exit code of one that a signal has killed is 128 and the
  /// signal's number, as in a shell.
  ProgramResult wait();

 private:
  TemporaryDirectory folder_;
  pid_t id_ = 0;
  int input_ = -1;
  bool ended_ = false;
};

}  // namespace sketchscope::support
