#include "cli/manual/help_formatter.hpp"

#include "cli/manual/command_description.hpp"
#include "cli/manual/wrapped_text.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

constexpr std::size_t kTextColumn = 26;

/// Appends a name and, from kTextColumn on, what it stands for; beneath it where the name is long.
void append_row(std::string& help, const std::string& name, const std::string& text) {
  help += "  " + name;
  const std::size_t used = columns_of(name) + 2;
  if (used + 2 > kTextColumn) {
    help += '\n' + std::string(kTextColumn, ' ');
  } else {
    help += std::string(kTextColumn - used, ' ');
  }
  help += wrapped(text, kTextColumn, kTextColumn) + '\n';
}

/// Returns "-h,--help" or "--policy NAME".
std::string help_name(const FlagDescription& flag) {
  std::string text;
  for (const std::string& name : flag.names) text += (text.empty() ? "" : ",") + name;
  if (flag.is_argument || flag.placeholder.empty()) return text;
  const std::string with_choices = text + " " + flag.placeholder;
  const bool fits = flag.choices.empty() || columns_of(with_choices) + 4 <= kTextColumn;
  return fits ? with_choices : text + " NAME";
}

/// Returns the help of a flag, with the choices that its name has no room for.
std::string help_text(const FlagDescription& flag) {
  if (flag.choices.empty() || help_name(flag).ends_with(flag.placeholder)) return flag.help;
  return flag.help + ". One of " + core::join({flag.choices.begin(), flag.choices.end()});
}

/// Lists the subcommands under the titles of their groups.
void append_commands(std::string& help, const CLI::App& app) {
  const auto subcommands = app.get_subcommands({});
  if (subcommands.empty()) return;
  help += "\nSubcommands:\n";
  std::string title;
  for (const CLI::App* subcommand : subcommands) {
    if (subcommand->get_group() != title) {
      title = subcommand->get_group();
      help += " " + title + "\n";
    }
    append_row(help, subcommand->get_name(), subcommand->get_description());
  }
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* app, std::string name,
                                     CLI::AppFormatMode mode) const {
  static_cast<void>(name);
  static_cast<void>(mode);
  const CommandDescription command = describe_command(*app);
  std::string help = wrapped(command.help, 0, 0) + "\n\nUsage: " + command.usage();
  if (!app->get_subcommands({}).empty()) help += "\n       sketchscope SUBCOMMAND [FLAGS]";
  help += '\n';
  append_commands(help, *app);
  for (const FlagGroup& group : command.groups) {
    help += "\n" + group.title + ":\n";
    for (const FlagDescription& flag : group.flags)
      append_row(help, help_name(flag), help_text(flag));
  }
  return help + "\n" + app->get_footer() + "\n";
}

}  // namespace sketchscope::cli
