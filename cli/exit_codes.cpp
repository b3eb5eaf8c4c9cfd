#include "cli/exit_codes.hpp"

#include <signal.h>

#include <array>
#include <string_view>

namespace sketchscope::cli {
namespace {

struct ExitCode {
  int code = 0;
  std::string_view meaning;
};

constexpr std::array kExitCodes = {
    ExitCode{kDone, "done, or the reader of standard output has gone"},
    ExitCode{kFailed, "failed, as standard error says"},
    ExitCode{kBadUsage, "bad usage, as standard error says"},
    ExitCode{exit_code_of_signal(SIGHUP), "ended by SIGHUP, with what there was until then"},
    ExitCode{exit_code_of_signal(SIGINT), "ended by Ctrl-C (SIGINT), likewise"},
    ExitCode{exit_code_of_signal(SIGTERM), "ended by SIGTERM, likewise"},
};

}  // namespace

std::string exit_codes_text() {
  constexpr std::size_t kWidth = 5;
  std::string text = "Exit codes:";
  for (const auto& [code, meaning] : kExitCodes) {
    std::string number = "  " + std::to_string(code);
    number.resize(kWidth + 2, ' ');
    text += "\n" + number + std::string(meaning);
  }
  return text;
}

}  // namespace sketchscope::cli
