#include <array>

#include "gui/cli/eval_command.hpp"
#include "gui/cli/generate_command.hpp"
#include "gui/cli/logits_command.hpp"
#include "gui/cli/subcommand.hpp"
#include "gui/cli/tokenize_command.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
std::unique_ptr<Subcommand> make() {
  return std::make_unique<Kind>();
}

constexpr std::array kKinds = {
    SubcommandKind{"generate", "continue a prompt; measure memory, time and divergence",
                   make<GenerateCommand>},
    SubcommandKind{"eval", "perplexity of a text under a capped cache", make<EvalCommand>},
    SubcommandKind{"logits", "logits after the tokens given, as JSON", make<LogitsCommand>},
    SubcommandKind{"tokenize", "standard input to token ids, or back", make<TokenizeCommand>},
};

}  // namespace

std::span<const SubcommandKind> subcommand_kinds() {
  return kKinds;
}

}  // namespace sketchscope
