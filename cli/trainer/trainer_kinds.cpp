#include <array>

#include "cli/subcommand.hpp"
#include "cli/trainer/train_flags.hpp"
#include "cli/version.hpp"

namespace sketchscope::cli {
namespace {

// The subcommands that only a build with LibTorch has, in the program as in the trainer's own;
// without_trainer/no_trainer.cpp takes the place of this file in the others.
constexpr std::array kKinds = {
    SubcommandKind{"train", kCorpus, "rebuild the embedded model", make_train_command},
};

}  // namespace

std::span<const SubcommandKind> trainer_subcommand_kinds() {
  return kKinds;
}

std::string torch_text() {
  return "libtorch: " SKETCHSCOPE_TORCH_VERSION;
}

}  // namespace sketchscope::cli
