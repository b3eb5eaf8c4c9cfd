#pragma once

#include <string>

namespace sketchscope::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadUsage = 2;

/// Returns the exit code of a command that a signal has ended: 128 and its number.
constexpr int exit_code_of_signal(int signal) {
  return 128 + signal;
}

/// Returns the table of exit codes for help texts, a line a code.
std::string exit_codes_text();

}  // namespace sketchscope::cli
