#pragma once

#include <span>
#include <string>

#include "cli/manual/command_description.hpp"

namespace sketchscope::cli {

/// Returns a page of the manual, in the language of man(7). The page of the program itself, which
/// is the first of the commands, lists all of them, environment, files and pipelines.
std::string manual_page(const CommandDescription& command,
                        std::span<const CommandDescription> commands);

/// Returns all commands with their flags as one page of Markdown; the knobs, which many take, once.
std::string command_page(std::span<const CommandDescription> commands);

}  // namespace sketchscope::cli
