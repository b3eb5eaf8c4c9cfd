#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/manual/command_description.hpp"

namespace sketchscope::cli {

/// A shell that completes command lines of the program.
struct CompletedShell {
  std::string_view name;
  /// Returns a script that the shell reads. The first of the commands is the program itself.
  std::string (*script)(std::span<const CommandDescription> commands);
};

/// Return the script of one shell, as CompletedShell::script says.
std::string bash_completions(std::span<const CommandDescription> commands);
std::string zsh_completions(std::span<const CommandDescription> commands);
std::string fish_completions(std::span<const CommandDescription> commands);

inline constexpr CompletedShell kCompletedShells[] = {
    {"bash", bash_completions}, {"zsh", zsh_completions}, {"fish", fish_completions}};

}  // namespace sketchscope::cli
