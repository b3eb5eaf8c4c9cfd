#include <exception>
#include <iostream>
#include <new>
#include <string>

#include "cli/command_line.hpp"
#include "cli/exit_codes.hpp"
#include "cli/interrupt.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

/// Runs a subcommand and returns the exit code. A signal ends it at its next step boundary with
/// what there is, and is announced here, so that no subcommand can forget to.
int run_until_interrupted(Subcommand& subcommand) {
  const Interrupt interrupt;
  bool has_result = true;
  try {
    subcommand.run(interrupt.token());
  } catch (const core::Cancelled&) {
    if (interrupt.signal() == 0) throw;
    has_result = false;
  } catch (const ReaderGone&) {
    // Nobody wants the rest, which by convention is no failure.
  }
  const int signal = interrupt.signal();
  if (signal == 0) return kDone;
  std::cerr << "sketchscope: interrupted by " << signal_name(signal)
            << (has_result ? "; what is written holds what there was until then\n"
                           : " before there was a result; nothing is written\n");
  return exit_code_of_signal(signal);
}

int report(const std::string& message, int exit_code) {
  std::cerr << "sketchscope: " << message << '\n';
  return exit_code;
}

/// Returns the message of a usage error with where to read what is allowed.
std::string with_help(std::string message, const CommandLine& command_line) {
  if (!message.ends_with('.')) message += '.';
  return message + " See " + command_line.help_command();
}

int parse_and_run(int argc, const char* const* argv) {
  CommandLine command_line(subcommand_kinds());
  try {
    const std::string text = command_line.parse(argc, argv);
    if (text.empty()) return run_until_interrupted(command_line.chosen());
    write_standard_output(text);
    return kDone;
  } catch (const core::UsageError& error) {
    return report(with_help(error.what(), command_line), kBadUsage);
  }
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  prepare_standard_streams();
  try {
    return parse_and_run(argc, argv);
  } catch (const ReaderGone&) {
    return kDone;
  } catch (const std::bad_alloc&) {
    const core::Error error({.what = "out of memory",
                             .remedy = "Lower max_cache_size, the context or the number of lanes"});
    return report(error.what(), kFailed);
  } catch (const std::exception& error) {
    return report(error.what(), kFailed);
  }
}

}  // namespace sketchscope::cli

int main(int argc, char** argv) {
  return sketchscope::cli::run_command_line(argc, argv);
}
