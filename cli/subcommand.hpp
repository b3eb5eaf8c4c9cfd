#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

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
  std::string_view name;   ///< empty for the default without a subcommand
  std::string_view group;  ///< the title that help and manual list it under
  std::string_view help;
  std::unique_ptr<Subcommand> (*make)();
};

/// The titles of the groups, in the order in which commands are listed.
inline constexpr std::string_view kWatching = "Watching";
inline constexpr std::string_view kMeasuring = "Generating and measuring";
inline constexpr std::string_view kStudying = "Studying many settings";
inline constexpr std::string_view kLookingInside = "Looking inside a model";
inline constexpr std::string_view kCorpus = "The embedded model's corpus";
inline constexpr std::string_view kThisProgram = "This program and this machine";

/// Returns all subcommands of this build, those of a group beside each other.
std::vector<SubcommandKind> subcommand_kinds();
/// Returns the window's subcommands; in a build without a window, replacements that report this.
std::span<const SubcommandKind> window_subcommand_kinds();
/// Returns the trainer's subcommands; none in a build without LibTorch.
std::span<const SubcommandKind> trainer_subcommand_kinds();

/// Makes a subcommand of type `Command`.
template <class Command>
std::unique_ptr<Subcommand> make_subcommand() {
  return std::make_unique<Command>();
}

// The factories of the subcommands that every build has. The registry in cli/subcommands.cpp lists
// them.
std::unique_ptr<Subcommand> make_attention_command();
std::unique_ptr<Subcommand> make_bench_command();
std::unique_ptr<Subcommand> make_branch_command();
std::unique_ptr<Subcommand> make_completions_command();
std::unique_ptr<Subcommand> make_doctor_command();
std::unique_ptr<Subcommand> make_eval_command();
std::unique_ptr<Subcommand> make_generate_command();
std::unique_ptr<Subcommand> make_heads_command();
std::unique_ptr<Subcommand> make_learn_command();
std::unique_ptr<Subcommand> make_logits_command();
std::unique_ptr<Subcommand> make_manual_command();
std::unique_ptr<Subcommand> make_reads_command();
std::unique_ptr<Subcommand> make_recall_command();
std::unique_ptr<Subcommand> make_report_command();
std::unique_ptr<Subcommand> make_sketches_command();
std::unique_ptr<Subcommand> make_sweep_command();
std::unique_ptr<Subcommand> make_tale_command();
std::unique_ptr<Subcommand> make_tokenize_command();

}  // namespace sketchscope::cli
