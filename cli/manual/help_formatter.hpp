#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace sketchscope::cli {

/// Writes the help of a command: what it does, its usage, commands and flags by group, within the
/// width of a terminal.
class HelpFormatter final : public CLI::FormatterBase {
 public:
  [[nodiscard]] std::string make_help(const CLI::App* app, std::string name,
                                      CLI::AppFormatMode mode) const override;
};

}  // namespace sketchscope::cli
