#include <algorithm>
#include <map>

#include "cli/exit_codes.hpp"
#include "cli/manual/environment.hpp"
#include "cli/manual/manual_page.hpp"

namespace sketchscope::cli {
namespace {

/// From so many commands on that have a flag alike, it is described once for all of them.
constexpr int kFewestSharing = 4;

std::string markdown(std::string_view text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '|' || letter == '<') safe += '\\';
    safe += letter;
  }
  return safe;
}

/// Returns the cell of a flag: its names and what its value is.
std::string name_cell(const FlagDescription& flag) {
  std::string cell;
  for (const std::string& name : flag.names) cell += (cell.empty() ? "`" : ", `") + name + "`";
  if (flag.is_argument || flag.placeholder.empty()) return cell;
  return cell + " " + (flag.choices.empty() ? flag.placeholder : "NAME");
}

std::string row_of(const FlagDescription& flag) {
  std::string text = markdown(flag.help);
  if (!flag.choices.empty()) {
    text += "; one of";
    for (const std::string& choice : flag.choices) text += " `" + choice + "`,";
    text.pop_back();
  }
  return "| " + name_cell(flag) + " | " + text + " |\n";
}

std::string table_of(const std::vector<FlagDescription>& flags) {
  std::string table = "| flag | meaning |\n|---|---|\n";
  for (const FlagDescription& flag : flags) table += row_of(flag);
  return table;
}

/// The flags that many commands have alike, by the titles of their groups.
class SharedFlags {
 public:
  explicit SharedFlags(std::span<const CommandDescription> commands) {
    std::map<std::string, int> counts;  // by row
    for (const CommandDescription& command : commands) {
      for (const FlagDescription& flag : command.flags()) ++counts[row_of(flag)];
    }
    for (const CommandDescription& command : commands) {
      for (const FlagGroup& group : command.groups) {
        for (const FlagDescription& flag : group.flags) {
          if (counts[row_of(flag)] >= kFewestSharing) add(group.title, flag);
        }
      }
    }
  }

  [[nodiscard]] bool contains(const FlagDescription& flag) const {
    return group_of(flag) != groups_.end();
  }
  /// Returns the title under which a shared flag is explained: that of the first command with it.
  [[nodiscard]] const std::string& title_of(const FlagDescription& flag) const {
    return group_of(flag)->title;
  }
  [[nodiscard]] const std::vector<FlagGroup>& groups() const { return groups_; }

 private:
  [[nodiscard]] std::vector<FlagGroup>::const_iterator group_of(const FlagDescription& flag) const {
    return std::ranges::find_if(groups_, [&](const FlagGroup& group) {
      return std::ranges::any_of(group.flags, [&](const FlagDescription& shared) {
        return row_of(shared) == row_of(flag);
      });
    });
  }

  void add(const std::string& title, const FlagDescription& flag) {
    if (contains(flag)) return;
    auto group = std::ranges::find(groups_, title, &FlagGroup::title);
    if (group == groups_.end()) group = groups_.insert(group, FlagGroup{.title = title});
    group->flags.push_back(flag);
  }

  std::vector<FlagGroup> groups_;
};

/// Returns the anchor that a page's reader finds below a title.
std::string anchor_of(std::string_view title) {
  std::string anchor = "#";
  for (const char letter : title) {
    if (letter == ' ') anchor += '-';
    if (letter >= 'A' && letter <= 'Z') anchor += static_cast<char>(letter - 'A' + 'a');
    if (letter >= 'a' && letter <= 'z') anchor += letter;
  }
  return anchor;
}

std::string section_of(const CommandDescription& command, const SharedFlags& shared) {
  std::vector<FlagDescription> own;
  std::vector<std::string> titles;
  for (const FlagGroup& group : command.groups) {
    for (const FlagDescription& flag : group.flags) {
      if (!shared.contains(flag)) {
        own.push_back(flag);
      } else if (std::ranges::count(titles, shared.title_of(flag)) == 0) {
        titles.push_back(shared.title_of(flag));
      }
    }
  }
  std::erase(titles, "Options");
  std::string others;
  for (const std::string& title : titles) {
    others += (others.empty() ? "[" : ", [") + title + "](" + anchor_of(title) + ")";
  }
  const std::string title = command.name.empty() ? "sketchscope" : command.name;
  std::string text =
      "### " + title + "\n\n" + markdown(command.help) + ".\n\n`" + command.usage() + "`\n";
  if (!own.empty()) text += "\n" + table_of(own);
  if (!others.empty()) text += "\nAlso: " + others + ".\n";
  return text + '\n';
}

}  // namespace

std::string command_page(std::span<const CommandDescription> commands) {
  const SharedFlags shared(commands);
  std::string page =
      "# Commands\n\nEvery command with its flags. Written by `sketchscope manual --markdown` from "
      "what "
      "the program declares; edit that instead. In a shell, `sketchscope COMMAND --help` says the "
      "same, and where the package is installed `man sketchscope-COMMAND`.\n\n";
  std::string title;
  for (const CommandDescription& command : commands) {
    const std::string group = command.name.empty() ? "The window" : command.group;
    if (group != title) {
      title = group;
      page += "## " + title + "\n\n";
    }
    page += section_of(command, shared);
  }
  page += "## Flags that many commands have\n\n";
  for (const FlagGroup& group : shared.groups()) {
    page += "### " + group.title + "\n\n" + table_of(group.flags) + '\n';
  }
  page += "## Exit codes\n\n| code | meaning |\n|---|---|\n";
  for (const auto& [code, meaning] : kExitCodes) {
    page += "| " + std::to_string(code) + " | " + std::string(meaning) + " |\n";
  }
  page += "\n## Environment variables\n\n| variable | meaning |\n|---|---|\n";
  for (const auto& [name, meaning] : kEnvironment) {
    page += "| `" + std::string(name) + "` | " + std::string(meaning) + " |\n";
  }
  return page;
}

}  // namespace sketchscope::cli
