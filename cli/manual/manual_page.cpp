#include "cli/manual/manual_page.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/exit_codes.hpp"
#include "cli/manual/environment.hpp"
#include "cli/manual/wrapped_text.hpp"
#include "cli/version.hpp"
#include "engine/core/file_formats.hpp"
#include "engine/core/program.hpp"

namespace sketchscope::cli {
namespace {

constexpr std::size_t kSourceWidth = 78;

/// Returns text for the manual: hyphens and backslashes as what is typed, no line a request.
std::string roff(std::string_view text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '\\') {
      safe += "\\e";
    } else if (letter == '-') {
      safe += "\\-";
    } else {
      safe += letter;
    }
  }
  return safe;
}

/// Returns a paragraph in lines of a fair length, none of which begins like a request.
std::string paragraph(std::string_view text) {
  std::string lines = wrapped(roff(text), 0, 0, kSourceWidth);
  for (std::size_t at = 0; at != std::string::npos; at = lines.find('\n', at)) {
    if (at > 0) ++at;
    if (at < lines.size() && (lines[at] == '.' || lines[at] == '\'')) lines.insert(at, "\\&");
  }
  return lines + '\n';
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

/// Returns an entry of a list: a tag and what it means.
std::string entry(const std::string& tag, std::string_view meaning) {
  return ".TP\n" + tag + '\n' + paragraph(meaning);
}

std::string section(std::string_view title) {
  return ".SH " + std::string(title) + '\n';
}

/// Returns the tag of a flag. Its choices go into the text, where lines may break.
std::string tag_of(const FlagDescription& flag) {
  if (flag.is_argument) return italic(flag.name());
  std::string tag;
  for (const std::string& name : flag.names) tag += (tag.empty() ? "" : ", ") + bold(name);
  if (flag.placeholder.empty()) return tag;
  return tag + " " + italic(flag.choices.empty() ? flag.placeholder : "NAME");
}

std::string manual_text(const FlagDescription& flag) {
  if (flag.choices.empty()) return flag.help;
  std::string text = flag.help + ". One of";
  for (const std::string& choice : flag.choices) text += " " + choice + ",";
  text.back() = '.';
  return text;
}

std::string flags_section(const CommandDescription& command) {
  std::string page = section("OPTIONS");
  for (const FlagGroup& group : command.groups) {
    page += ".SS \"" + roff(group.title) + "\"\n";
    for (const FlagDescription& flag : group.flags) page += entry(tag_of(flag), manual_text(flag));
  }
  return page;
}

std::string exit_section() {
  std::string page = section("EXIT STATUS");
  for (const auto& [code, meaning] : kExitCodes) page += entry(bold(std::to_string(code)), meaning);
  return page;
}

std::string commands_section(std::span<const CommandDescription> commands) {
  std::string page = section("COMMANDS");
  std::string title;
  for (const CommandDescription& command : commands.subspan(1)) {
    if (command.group != title) {
      title = command.group;
      page += ".SS \"" + roff(title) + "\"\n";
    }
    page += entry(bold("sketchscope " + command.name),
                  command.help + ". See " + command.page() + "(1).");
  }
  return page;
}

std::string environment_section() {
  std::string page = section("ENVIRONMENT");
  for (const auto& [name, meaning] : kEnvironment) page += entry(bold(name), meaning);
  return page;
}

std::string files_section() {
  std::string page = section("FILES");
  for (const core::FileFormat& format : core::kFileFormats) {
    std::string schemas(format.schema);
    if (!format.earlier.empty()) schemas += " and " + std::string(format.earlier);
    page += entry(
        std::string(format.files),
        "Format " + schemas + ". What this version writes is read by " + format.read_by() + ".");
  }
  return page;
}

struct Example {
  std::string_view line;
  std::string_view does;
};

constexpr std::array kExamples = {
    Example{"sketchscope generate --prompt 'One day' --policy window --max-cache-size 64",
            "Continues a prompt under a cap, with memory and evictions on standard error."},
    Example{"sketchscope tale | sketchscope eval --text - --twin --json -",
            "Scores a text from a pipe, and writes what was measured as JSON."},
    Example{"echo 'One day' | sketchscope tokenize | sketchscope generate --tokens -",
            "Token ids from a pipe; --prompt-file - takes a text the same way."},
    Example{"sketchscope view --offscreen --frames 160 --screenshot window.png",
            "Draws the window into a picture, without a display."},
};

std::string examples_section() {
  std::string page = section("EXAMPLES");
  for (const auto& [line, does] : kExamples) page += entry(bold(line), does);
  return page;
}

}  // namespace

std::string manual_page(const CommandDescription& command,
                        std::span<const CommandDescription> commands) {
  const bool is_program = command.name.empty();
  std::string title = command.page();
  std::ranges::transform(title, title.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  std::string page = ".TH " + roff(title) + " 1 \"" + std::string(release_date()) +
                     "\" \"SketchScope " + std::string(core::program_version()) +
                     "\" \"SketchScope Manual\"\n";
  page += section("NAME") + roff(command.page()) + " \\- " + roff(command.help) + '\n';
  page += section("SYNOPSIS") + bold(command.usage()) + '\n';
  if (is_program) page += ".br\n" + bold("sketchscope SUBCOMMAND [FLAGS]") + '\n';
  if (is_program) page += commands_section(commands);
  page += flags_section(command);
  if (is_program) page += environment_section() + files_section() + examples_section();
  page += exit_section() + section("SEE ALSO");
  return page + (is_program
                     ? "The pages of the commands, such as " + bold("sketchscope-eval") + "(1).\n"
                     : bold("sketchscope") + "(1)\n");
}

}  // namespace sketchscope::cli
