#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <iterator>
#include <new>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_codes.hpp"
#include "cli/interrupt.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

constexpr std::array kSubcommands = {
    SubcommandKind{"generate", "continue a prompt; measure memory, time and divergence",
                   make_generate_command},
    SubcommandKind{"eval", "perplexity of a text under a capped cache", make_eval_command},
    SubcommandKind{"recall", "recall of far-back facts by distance", make_recall_command},
    SubcommandKind{"learn", "fit a formula for the policy `formula` to what is attended to later",
                   make_learn_command},
    SubcommandKind{"branch", "many samples of a prompt, branching where the model is unsure",
                   make_branch_command},
    SubcommandKind{"sweep", "measure every configuration of a grid, many in one forward pass",
                   make_sweep_command},
    SubcommandKind{"report", "a folder of results as one HTML file and Markdown",
                   make_report_command},
    SubcommandKind{"reads", "every read and summary of the evicted, on the same steps of a text",
                   make_reads_command},
    SubcommandKind{"attention", "how far each head's attention moves from that over a full cache",
                   make_attention_command},
    SubcommandKind{"heads", "which heads rest on position 0, look one token back, or copy",
                   make_heads_command},
    SubcommandKind{"sketches", "what sketches and exact counters know in equal bytes",
                   make_sketches_command},
    SubcommandKind{"logits", "logits after the tokens given, as JSON", make_logits_command},
    SubcommandKind{"bench", "how fast steps, prompts and kernels run here", make_bench_command},
    SubcommandKind{"tokenize", "standard input to token ids, or back", make_tokenize_command},
    SubcommandKind{"tale", "print tales of the embedded model's corpus", make_tale_command},
    SubcommandKind{"train", "rebuild the embedded model", make_train_command},
};

/// Returns all subcommands of this build: those of the window, then the others.
std::vector<SubcommandKind> subcommand_kinds() {
  const auto window = window_subcommand_kinds();
  std::vector<SubcommandKind> kinds(window.begin(), window.end());
  std::ranges::copy(kSubcommands, std::back_inserter(kinds));
  return kinds;
}

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
  const auto kinds = subcommand_kinds();
  CommandLine command_line(kinds);
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
