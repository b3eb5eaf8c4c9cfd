#pragma once

#include <memory>

#include "cli/subcommand.hpp"

namespace sketchscope {

// The factories of the subcommands, each in the file of its name. The registry lists them.
std::unique_ptr<Subcommand> make_attention_command();
std::unique_ptr<Subcommand> make_bench_command();
std::unique_ptr<Subcommand> make_branch_command();
std::unique_ptr<Subcommand> make_eval_command();
std::unique_ptr<Subcommand> make_generate_command();
std::unique_ptr<Subcommand> make_heads_command();
std::unique_ptr<Subcommand> make_logits_command();
std::unique_ptr<Subcommand> make_reads_command();
std::unique_ptr<Subcommand> make_recall_command();
std::unique_ptr<Subcommand> make_report_command();
std::unique_ptr<Subcommand> make_sketches_command();
std::unique_ptr<Subcommand> make_sweep_command();
std::unique_ptr<Subcommand> make_tale_command();
std::unique_ptr<Subcommand> make_tokenize_command();
std::unique_ptr<Subcommand> make_train_command();

// Factories in cli/window, which a build without a window lacks.
std::unique_ptr<Subcommand> make_script_command();
std::unique_ptr<Subcommand> make_view_command();
std::unique_ptr<Subcommand> make_window_command();

}  // namespace sketchscope
