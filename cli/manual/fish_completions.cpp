#include "cli/manual/completions.hpp"

namespace sketchscope::cli {
namespace {

/// Puts a text in single quotes.
std::string fish_quoted(const std::string& text) {
  std::string safe = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') safe += '\\';
    safe += letter;
  }
  return safe + "'";
}

std::string fish_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return fish_quoted(text);
}

/// Returns the options of `complete` for a value: files, words, or nothing that can be foreseen.
std::string fish_value(const FlagDescription& flag) {
  if (flag.placeholder.empty()) return {};
  if (flag.takes_path()) return " -r -F";
  return flag.choices.empty() ? " -x" : " -x -a " + fish_words(flag.choices);
}

}  // namespace

std::string fish_completions(std::span<const CommandDescription> commands) {
  std::string script =
      "# fish completion of sketchscope, written by `sketchscope completions fish`.\n"
      "complete -c sketchscope -f\n";
  for (const CommandDescription& command : commands) {
    const std::string when = command.name.empty() ? "__fish_use_subcommand"
                                                  : "__fish_seen_subcommand_from " + command.name;
    const std::string head = "complete -c sketchscope -n " + fish_quoted(when);
    if (!command.name.empty()) {
      script += "complete -c sketchscope -n '__fish_use_subcommand' -a " + command.name + " -d " +
                fish_quoted(command.help) + "\n";
    }
    for (const FlagDescription& flag : command.flags()) {
      if (flag.is_argument) {
        if (flag.takes_path()) script += head + " -F\n";
        if (!flag.choices.empty()) script += head + " -a " + fish_words(flag.choices) + "\n";
        continue;
      }
      script += head;
      for (const std::string& name : flag.names) {
        script += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      script += fish_value(flag) + " -d " + fish_quoted(flag.help) + "\n";
    }
  }
  return script;
}

}  // namespace sketchscope::cli
