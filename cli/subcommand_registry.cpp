#include <algorithm>
#include <array>
#include <iterator>

#include "cli/commands.hpp"

namespace sketchscope {
namespace {

constexpr std::array kKinds = {
    SubcommandKind{"generate", "continue a prompt; measure memory, time and divergence",
                   make_generate_command},
    SubcommandKind{"eval", "perplexity of a text under a capped cache", make_eval_command},
    SubcommandKind{"recall", "recall of far-back facts by distance", make_recall_command},
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

}  // namespace

std::vector<SubcommandKind> subcommand_kinds() {
  const auto window = window_subcommand_kinds();
  std::vector<SubcommandKind> kinds(window.begin(), window.end());
  std::ranges::copy(kKinds, std::back_inserter(kinds));
  return kinds;
}

}  // namespace sketchscope
