#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string_view>

#include "cli/flags.hpp"

namespace sketchscope::cli {

/// A subcommand: the action of one word after the program's name.
class Subcommand {
 public:
  virtual ~Subcommand() = default;
  /// Declares its flags. Called once, before the command line is parsed.
  virtual void declare(Flags& flags) = 0;
  /// Runs the subcommand. After a requested stop it ends at its next step boundary with what there
  /// is, or throws Cancelled where there is nothing. Throws Error, or UsageError if the flags
  /// contradict each other.
  virtual void run(const std::stop_token& stop) = 0;
};

/// An entry of the registry of subcommands.
struct SubcommandKind {
  std::string_view name;  ///< empty for the default without a subcommand
  std::string_view help;
  std::unique_ptr<Subcommand> (*make)();
};

/// Returns the window's subcommands; in a build without a window, replacements that report this.
std::span<const SubcommandKind> window_subcommand_kinds();

/// Makes a subcommand of type `Command`.
template <class Command>
std::unique_ptr<Subcommand> make_subcommand() {
  return std::make_unique<Command>();
}

// The factories of the subcommands that every build has. The registry in cli/main.cpp lists them.
std::unique_ptr<Subcommand> make_attention_command();
std::unique_ptr<Subcommand> make_bench_command();
std::unique_ptr<Subcommand> make_branch_command();
std::unique_ptr<Subcommand> make_eval_command();
std::unique_ptr<Subcommand> make_generate_command();
std::unique_ptr<Subcommand> make_heads_command();
std::unique_ptr<Subcommand> make_learn_command();
std::unique_ptr<Subcommand> make_logits_command();
std::unique_ptr<Subcommand> make_reads_command();
std::unique_ptr<Subcommand> make_recall_command();
std::unique_ptr<Subcommand> make_report_command();
std::unique_ptr<Subcommand> make_sketches_command();
std::unique_ptr<Subcommand> make_sweep_command();
std::unique_ptr<Subcommand> make_tale_command();
std::unique_ptr<Subcommand> make_tokenize_command();
std::unique_ptr<Subcommand> make_train_command();

}  // namespace sketchscope::cli
