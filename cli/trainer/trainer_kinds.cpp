#include <array>

#include "cli/subcommand.hpp"
#include "cli/trainer/train_flags.hpp"
#include "cli/version.hpp"

namespace sketchscope::cli {
namespace {

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
