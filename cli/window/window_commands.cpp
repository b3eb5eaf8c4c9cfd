#include <array>

#include "cli/commands.hpp"

namespace sketchscope {
namespace {

constexpr std::array kKinds = {
    SubcommandKind{"", "The window: GPT-2 with a capped key/value cache, while it generates",
                   make_window_command},
    SubcommandKind{"view", "the window, or a picture of it without a display", make_view_command},
    SubcommandKind{"script", "drive the window offscreen by a file of actions",
                   make_script_command},
};

}  // namespace

std::span<const SubcommandKind> window_subcommand_kinds() {
  return kKinds;
}

}  // namespace sketchscope
