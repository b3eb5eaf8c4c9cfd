#include <algorithm>
#include <array>
#include <iterator>

#include "cli/subcommand.hpp"

namespace sketchscope::cli {
namespace {

constexpr std::array kSubcommands = {
    SubcommandKind{"generate", kMeasuring, "continue a prompt; measure memory, time and divergence",
                   make_generate_command},
    SubcommandKind{"eval", kMeasuring, "perplexity of a text under a capped cache",
                   make_eval_command},
    SubcommandKind{"recall", kMeasuring, "recall of far-back facts by distance",
                   make_recall_command},
    SubcommandKind{"branch", kMeasuring,
                   "many samples of a prompt, branching where the model is unsure",
                   make_branch_command},
    SubcommandKind{"sweep", kStudying,
                   "measure every configuration of a grid, many in one forward pass",
                   make_sweep_command},
    SubcommandKind{"report", kStudying, "a folder of results as one HTML file and Markdown",
                   make_report_command},
    SubcommandKind{"reads", kStudying,
                   "every read and summary of the evicted, on the same steps of a text",
                   make_reads_command},
    SubcommandKind{"sketches", kStudying, "what sketches and exact counters know in equal bytes",
                   make_sketches_command},
    SubcommandKind{"learn", kStudying,
                   "fit a formula for the policy `formula` to what is attended to later",
                   make_learn_command},
    SubcommandKind{"attention", kLookingInside,
                   "how far each head's attention moves from that over a full cache",
                   make_attention_command},
    SubcommandKind{"heads", kLookingInside,
                   "which heads rest on position 0, look one token back, or copy",
                   make_heads_command},
    SubcommandKind{"logits", kLookingInside, "logits after the tokens given, as JSON",
                   make_logits_command},
    SubcommandKind{"tokenize", kLookingInside, "standard input to token ids, or back",
                   make_tokenize_command},
    SubcommandKind{"tale", kCorpus, "print tales of the embedded model's corpus",
                   make_tale_command},
    SubcommandKind{"bench", kThisProgram, "how fast steps, prompts and kernels run here",
                   make_bench_command},
    SubcommandKind{"doctor", kThisProgram, "what this machine has and lacks for the program",
                   make_doctor_command},
    SubcommandKind{"completions", kThisProgram, "a script by which a shell completes command lines",
                   make_completions_command},
    SubcommandKind{"manual", kThisProgram, "pages of the manual", make_manual_command},
};

}  // namespace

std::vector<SubcommandKind> subcommand_kinds() {
  const auto window = window_subcommand_kinds();
  std::vector<SubcommandKind> kinds(window.begin(), window.end());
  std::ranges::copy(kSubcommands, std::back_inserter(kinds));
  // The trainer's stand beside the corpus.
  const auto corpus = std::ranges::find(kinds, kCorpus, &SubcommandKind::group);
  const auto trainer = trainer_subcommand_kinds();
  kinds.insert(std::next(corpus), trainer.begin(), trainer.end());
  return kinds;
}

}  // namespace sketchscope::cli
