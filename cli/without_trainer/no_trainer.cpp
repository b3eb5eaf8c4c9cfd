#include "cli/subcommand.hpp"

namespace sketchscope::cli {

std::span<const SubcommandKind> trainer_subcommand_kinds() {
  return {};
}

}  // namespace sketchscope::cli
