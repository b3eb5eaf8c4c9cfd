#pragma once

#include <memory>

#include "cli/subcommand.hpp"

namespace sketchscope {

// One factory a subcommand, in the file of its name; the registry lists them.
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

// In cli/window; a build without the window has none of them.
std::unique_ptr<Subcommand> make_script_command();
std::unique_ptr<Subcommand> make_view_command();
std::unique_ptr<Subcommand> make_window_command();

}  // namespace sketchscope
