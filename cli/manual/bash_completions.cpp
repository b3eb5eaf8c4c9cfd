#include <map>

#include "cli/manual/completions.hpp"

namespace sketchscope::cli {
namespace {

constexpr const char* kHead =
    R"(# bash completion of sketchscope, written by `sketchscope completions bash`.
_sketchscope() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command= words= paths= index
  # Bash takes the = of --flag=value as a word of its own.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((index = 1; index < COMP_CWORD; ++index)); do
    case ${COMP_WORDS[index]} in
)";

constexpr const char* kTail = R"(  if [[ -n $paths ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -W "$words" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  fi
}
complete -F _sketchscope sketchscope
)";

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

/// Returns what follows a flag that takes a value: statements of the case that it is in.
std::string value_statement(const FlagDescription& flag) {
  if (flag.takes_path()) return "paths=yes";
  return flag.choices.empty() ? "return" : "words='" + joined(flag.choices, " ") + "'";
}

/// Appends the branches of a case on "$command $before", those of equal statements together.
void append_value_cases(std::string& script, std::span<const CommandDescription> commands) {
  std::map<std::string, std::string> patterns;  // by statement
  for (const CommandDescription& command : commands) {
    for (const FlagDescription& flag : command.flags()) {
      if (flag.is_argument || flag.placeholder.empty()) continue;
      for (const std::string& name : flag.names) {
        std::string& pattern = patterns[value_statement(flag)];
        pattern += (pattern.empty() ? "'" : " | '") + command.name + " " + name + "'";
      }
    }
  }
  for (const auto& [statement, pattern] : patterns) {
    script += "    " + pattern + ") " + statement + " ;;\n";
  }
}

/// Appends the branches of a case on "$command" with its flags, or its arguments where the word
/// begins no flag.
void append_word_cases(std::string& script, std::span<const CommandDescription> commands) {
  for (const CommandDescription& command : commands) {
    std::vector<std::string> flags;
    std::vector<std::string> arguments;
    bool takes_path = false;
    for (const FlagDescription& flag : command.flags()) {
      auto& words = flag.is_argument ? arguments : flags;
      const auto& more = flag.is_argument ? flag.choices : flag.names;
      words.insert(words.end(), more.begin(), more.end());
      takes_path = takes_path || (flag.is_argument && flag.takes_path());
    }
    if (command.name.empty()) {
      for (const CommandDescription& one : commands) {
        if (!one.name.empty()) arguments.push_back(one.name);
      }
    }
    script += "      '" + command.name + "')\n        if [[ $word == -* ]]; then words='" +
              joined(flags, " ") + "'\n        else words='" + joined(arguments, " ") + "'" +
              (takes_path ? " paths=yes" : "") + "; fi\n        ;;\n";
  }
}

}  // namespace

std::string bash_completions(std::span<const CommandDescription> commands) {
  std::string script = kHead;
  std::vector<std::string> names;
  for (const CommandDescription& command : commands) {
    if (!command.name.empty()) names.push_back(command.name);
  }
  script += "      " + joined(names, " | ") +
            ") command=${COMP_WORDS[index]} && break ;;\n    esac\n  done\n"
            "  case \"$command $before\" in\n";
  append_value_cases(script, commands);
  script += "    *)\n      case $command in\n";
  append_word_cases(script, commands);
  script += "      esac\n      ;;\n  esac\n";
  return script + kTail;
}

}  // namespace sketchscope::cli
