#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cli/flags.hpp"

namespace sketchscope {

/// What one word after the program's name does.
class Subcommand {
 public:
  virtual ~Subcommand() = default;
  /// Declares its flags; called once, before the command line is read.
  virtual void declare(Flags& flags) = 0;
  /// Throws Error, or UsageError where the flags do not go together.
  virtual void run() = 0;
};

struct SubcommandKind {
  std::string_view name;  ///< empty: what happens when no subcommand is named
  std::string_view help;
  std::unique_ptr<Subcommand> (*make)();
};

/// All subcommands of this build: those of the window, then the others.
std::vector<SubcommandKind> subcommand_kinds();
/// What shows the window, in a build that has one; else what says that there is none.
std::span<const SubcommandKind> window_subcommand_kinds();

}  // namespace sketchscope
