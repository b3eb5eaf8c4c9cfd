#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sketchscope::cli {

/// A flag or an argument of a command, as help, manual and completions describe it.
struct FlagDescription {
  std::vector<std::string>
      names;                 ///< as typed, such as "-h", "--help"; of an argument its one name
  bool is_argument = false;  ///< a word of its own, without a flag before it
  bool is_required = false;
  std::string placeholder;           ///< of its value; empty where it takes none
  std::vector<std::string> choices;  ///< the words that its value may be; empty where it may be any
  std::string help;

  /// Returns whether its value names a file or a folder.
  [[nodiscard]] bool takes_path() const;
  /// Returns the longest of its names.
  [[nodiscard]] const std::string& name() const { return names.back(); }
};

/// The flags below one title.
struct FlagGroup {
  std::string title;
  std::vector<FlagDescription> flags;
};

/// A command with all that it takes, arguments first.
struct CommandDescription {
  std::string name;   ///< empty for the program without a subcommand
  std::string group;  ///< the title of the commands that it is listed with
  std::string help;
  std::vector<FlagGroup> groups;

  /// Returns its arguments and flags, in the order of the groups.
  [[nodiscard]] std::vector<FlagDescription> flags() const;
  /// Returns what is typed for it: "sketchscope eval [FLAGS]".
  [[nodiscard]] std::string usage() const;
  /// Returns the name of its page in the manual: "sketchscope-eval".
  [[nodiscard]] std::string page() const;
};

/// Describes one command as it was declared.
CommandDescription describe_command(const CLI::App& app);
/// Describes the program itself, first, and all its subcommands.
std::vector<CommandDescription> describe_program(const CLI::App& app);

}  // namespace sketchscope::cli
