#include <array>

#include "cli/attention_command.hpp"
#include "cli/bench_command.hpp"
#include "cli/branch_command.hpp"
#include "cli/eval_command.hpp"
#include "cli/generate_command.hpp"
#include "cli/heads_command.hpp"
#include "cli/logits_command.hpp"
#include "cli/reads_command.hpp"
#include "cli/recall_command.hpp"
#include "cli/report_command.hpp"
#include "cli/script_command.hpp"
#include "cli/sketches_command.hpp"
#include "cli/subcommand.hpp"
#include "cli/sweep_command.hpp"
#include "cli/tale_command.hpp"
#include "cli/tokenize_command.hpp"
#include "cli/train_command.hpp"
#include "cli/view_command.hpp"
#include "cli/window_command.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
std::unique_ptr<Subcommand> make() {
  return std::make_unique<Kind>();
}

constexpr std::array kKinds = {
    SubcommandKind{"", "The window: GPT-2 with a capped key/value cache, while it generates",
                   make<WindowCommand>},
    SubcommandKind{"view", "the window, or a picture of it without a display", make<ViewCommand>},
    SubcommandKind{"generate", "continue a prompt; measure memory, time and divergence",
                   make<GenerateCommand>},
    SubcommandKind{"eval", "perplexity of a text under a capped cache", make<EvalCommand>},
    SubcommandKind{"recall", "recall of far-back facts by distance", make<RecallCommand>},
    SubcommandKind{"branch", "many samples of a prompt, branching where the model is unsure",
                   make<BranchCommand>},
    SubcommandKind{"sweep", "measure every configuration of a grid, many in one forward pass",
                   make<SweepCommand>},
    SubcommandKind{"report", "a folder of results as one HTML file and Markdown",
                   make<ReportCommand>},
    SubcommandKind{"reads", "every read and summary of the evicted, on the same steps of a text",
                   make<ReadsCommand>},
    SubcommandKind{"attention", "how far each head's attention moves from that over a full cache",
                   make<AttentionCommand>},
    SubcommandKind{"heads", "which heads rest on position 0, look one token back, or copy",
                   make<HeadsCommand>},
    SubcommandKind{"sketches", "what sketches and exact counters know in equal bytes",
                   make<SketchesCommand>},
    SubcommandKind{"logits", "logits after the tokens given, as JSON", make<LogitsCommand>},
    SubcommandKind{"bench", "how fast steps, prompts and kernels run here", make<BenchCommand>},
    SubcommandKind{"script", "drive the window offscreen by a file of actions",
                   make<ScriptCommand>},
    SubcommandKind{"tokenize", "standard input to token ids, or back", make<TokenizeCommand>},
    SubcommandKind{"tale", "print tales of the embedded model's corpus", make<TaleCommand>},
    SubcommandKind{"train", "rebuild the embedded model", make<TrainCommand>},
};

}  // namespace

std::span<const SubcommandKind> subcommand_kinds() {
  return kKinds;
}

}  // namespace sketchscope
