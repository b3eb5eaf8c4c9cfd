#include "cli/subcommand.hpp"
#include "cli/version.hpp"

namespace sketchscope::cli {

std::span<const SubcommandKind> trainer_subcommand_kinds() {
  return {};
}

std::string torch_text() {
  return "libtorch: not built";
}

}  // namespace sketchscope::cli
