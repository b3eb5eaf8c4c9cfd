#include "cli/manual/completions.hpp"

namespace sketchscope::cli {
namespace {

/// Escapes `text` for use inside a single-quoted _arguments specification. `marks` are the
/// characters that delimit the field it is placed in.
std::string zsh_escaped(const std::string& text, std::string_view marks) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '\'') {
      safe += "'\\''";
      continue;
    }
    if (letter == '\\' || marks.find(letter) != std::string_view::npos) safe += '\\';
    safe += letter;
  }
  return safe;
}

/// Returns the part of a specification that completes a flag's value: ":NAME:_files", ":NAME:(a b
/// c)" or ":NAME: " for any text; empty if the flag takes no value.
std::string zsh_action(const FlagDescription& flag) {
  if (flag.placeholder.empty()) return {};
  const std::string what = ":" + zsh_escaped(flag.name(), ":") + ":";
  if (flag.takes_path()) return what + "_files";
  if (flag.choices.empty()) return what + " ";
  std::string words;
  for (const std::string& choice : flag.choices) words += (words.empty() ? "" : " ") + choice;
  return what + "(" + words + ")";
}

void append_zsh_arguments(std::string& script, const CommandDescription& command,
                          const std::string& indent) {
  script += indent + "_arguments";
  for (const FlagDescription& flag : command.flags()) {
    if (flag.is_argument) {
      script += " \\\n" + indent + "  '" + (flag.is_required ? "" : ":") + zsh_action(flag) + "'";
      continue;
    }
    for (const std::string& name : flag.names) {
      const bool takes_value = !flag.placeholder.empty();
      script += " \\\n" + indent + "  '" + name + (takes_value ? "=" : "") + "[" +
                zsh_escaped(flag.help, "[]") + "]" + zsh_action(flag) + "'";
    }
  }
  script += '\n';
}

}  // namespace

std::string zsh_completions(std::span<const CommandDescription> commands) {
  std::string script =
      "#compdef sketchscope\n"
      "# zsh completion of sketchscope, written by `sketchscope completions zsh`.\n"
      "_sketchscope() {\n  local -a commands=(\n";
  for (const CommandDescription& command : commands) {
    if (command.name.empty()) continue;
    script += "    '" + command.name + ":" + zsh_escaped(command.help, ":") + "'\n";
  }
  script +=
      "  )\n  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
      "    _describe -t commands command commands\n    return\n  fi\n  case $words[2] in\n";
  for (const CommandDescription& command : commands) {
    if (command.name.empty()) continue;
    script += "    " + command.name + ")\n      shift words; (( CURRENT-- ))\n";
    append_zsh_arguments(script, command, "      ");
    script += "      ;;\n";
  }
  script += "    *)\n";
  // The first command is the program without a subcommand.
  append_zsh_arguments(script, commands.front(), "      ");
  return script + "      ;;\n  esac\n}\n_sketchscope \"$@\"\n";
}

}  // namespace sketchscope::cli
