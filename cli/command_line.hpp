#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/manual/command_description.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::cli {

/// The flags of the program and of all its subcommands.
class CommandLine {
 public:
  explicit CommandLine(const std::vector<SubcommandKind>& kinds);

  /// Parses the arguments. Returns the text to show instead of running anything, for --help and
  /// --version, else an empty one. Throws UsageError.
  std::string parse(int argc, const char* const* argv);
  /// Returns the subcommand that was chosen, the default one where none was named.
  [[nodiscard]] Subcommand& chosen() const;
  /// Describes the program and all its subcommands.
  [[nodiscard]] std::vector<CommandDescription> describe() const { return describe_program(app_); }
  /// Returns the command that shows the chosen subcommand's flags.
  [[nodiscard]] std::string help_command() const;

 private:
  void add(const SubcommandKind& kind);
  [[nodiscard]] const CLI::App& chosen_app() const;
  [[nodiscard]] core::UsageError misunderstood(const CLI::ParseError& error) const;
  [[nodiscard]] core::UsageError unknown_word(const std::string& word) const;
  [[nodiscard]] std::vector<std::string> subcommand_names() const;

  CLI::App app_;
  std::map<const CLI::App*, std::unique_ptr<Subcommand>> subcommands_;
  std::map<const CLI::App*, std::vector<NamedFile>> files_;  // values of the subcommands' flags
};

}  // namespace sketchscope::cli
