#pragma once

#include <signal.h>

#include <array>
#include <string>
#include <string_view>

namespace sketchscope::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadUsage = 2;

/// Returns the exit code of a command that a signal has ended: 128 and its number.
constexpr int exit_code_of_signal(int signal) {
  return 128 + signal;
}

/// A way in which a command ends.
struct ExitCode {
  int code = 0;
  std::string_view meaning;
};

inline constexpr std::array kExitCodes = {
    ExitCode{kDone, "done, or the reader of standard output has gone"},
    ExitCode{kFailed, "failed, as standard error says"},
    ExitCode{kBadUsage, "bad usage, as standard error says"},
    ExitCode{exit_code_of_signal(SIGHUP), "ended by SIGHUP, with what there was until then"},
    ExitCode{exit_code_of_signal(SIGINT), "ended by Ctrl-C (SIGINT), likewise"},
    ExitCode{exit_code_of_signal(SIGTERM), "ended by SIGTERM, likewise"},
};

/// Returns the table of exit codes for help texts, a line a code.
std::string exit_codes_text();

}  // namespace sketchscope::cli
