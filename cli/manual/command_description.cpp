#include "cli/manual/command_description.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

namespace sketchscope::cli {
namespace {

constexpr const char* kProgram = "sketchscope";

/// Returns the words between the bars of "a|b|c"; none of a placeholder without a bar.
std::vector<std::string> choices_of(const std::string& placeholder) {
  std::vector<std::string> words;
  if (placeholder.find('|') == std::string::npos) return words;
  std::istringstream parts(placeholder);
  for (std::string word; std::getline(parts, word, '|');) words.push_back(word);
  return words;
}

FlagDescription describe_option(const CLI::Option& option) {
  FlagDescription flag{.is_argument = option.get_positional(),
                       .is_required = option.get_required(),
                       .help = option.get_description()};
  if (flag.is_argument) {
    flag.names = {option.get_name(true)};
  } else {
    for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  }
  const bool takes_value = option.get_items_expected_max() > 0;
  if (!takes_value) return flag;
  flag.placeholder = flag.is_argument ? flag.names.front() : option.get_type_name();
  flag.choices = choices_of(option.get_type_name());
  return flag;
}

FlagGroup& group_titled(std::vector<FlagGroup>& groups, const std::string& title) {
  const auto found = std::ranges::find(groups, title, &FlagGroup::title);
  return found != groups.end() ? *found : groups.emplace_back(FlagGroup{.title = title});
}

}  // namespace

bool FlagDescription::takes_path() const {
  return placeholder == "PATH" || (is_argument && choices.empty());
}

std::vector<FlagDescription> CommandDescription::flags() const {
  std::vector<FlagDescription> all;
  for (const FlagGroup& some : groups) all.insert(all.end(), some.flags.begin(), some.flags.end());
  return all;
}

std::string CommandDescription::usage() const {
  std::string text = kProgram;
  if (!name.empty()) text += " " + name;
  text += " [FLAGS]";
  for (const FlagDescription& flag : flags()) {
    if (!flag.is_argument) continue;
    text += flag.is_required ? " " + flag.name() : " [" + flag.name() + "]";
  }
  return text;
}

std::string CommandDescription::page() const {
  return name.empty() ? kProgram : std::string(kProgram) + "-" + name;
}

CommandDescription describe_command(const CLI::App& app) {
  const bool is_program = app.get_parent() == nullptr;
  CommandDescription command{.name = is_program ? std::string() : app.get_name(),
                             .group = app.get_group(),
                             .help = app.get_description()};
  std::vector<FlagGroup>& groups = command.groups;
  for (const CLI::Option* option : app.get_options()) {
    const std::string title = option->get_positional() ? "Arguments" : option->get_group();
    group_titled(groups, title).flags.push_back(describe_option(*option));
  }
  std::ranges::stable_partition(groups,
                                [](const FlagGroup& one) { return one.title == "Arguments"; });
  // The group of flags that every command has goes last.
  std::ranges::stable_partition(groups,
                                [](const FlagGroup& one) { return one.title != "Options"; });
  return command;
}

std::vector<CommandDescription> describe_program(const CLI::App& app) {
  std::vector<CommandDescription> commands = {describe_command(app)};
  for (const CLI::App* subcommand : app.get_subcommands({})) {
    commands.push_back(describe_command(*subcommand));
  }
  return commands;
}

}  // namespace sketchscope::cli
