#include "cli/command_line.hpp"

#include <sstream>

#include "cli/exit_codes.hpp"
#include "cli/manual/environment.hpp"
#include "cli/manual/help_formatter.hpp"
#include "cli/version.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

}  // namespace

CommandLine::CommandLine(const std::vector<SubcommandKind>& kinds) {
  app_.name("sketchscope");
  app_.formatter(std::make_shared<HelpFormatter>());
  app_.require_subcommand(0, 1);
  app_.set_version_flag("--version", version_text,
                        "version, what it was built with, and the files that it reads");
  for (const SubcommandKind& kind : kinds) add(kind);
  app_.footer("Flags of a subcommand: sketchscope SUBCOMMAND --help\n\n" + exit_codes_text() +
              "\n\n" + environment_text());
}

void CommandLine::add(const SubcommandKind& kind) {
  CLI::App* app = kind.name.empty() ? &app_ : app_.add_subcommand(std::string(kind.name));
  app->description(std::string(kind.help));
  if (!kind.group.empty()) app->group(std::string(kind.group));
  app->set_help_flag("-h,--help", "what there is to set");
  app->footer(exit_codes_text());
  auto subcommand = kind.make();
  Flags flags(*app);
  subcommand->declare(flags);
  files_.emplace(app, flags.files());
  subcommands_.emplace(app, std::move(subcommand));
}

std::string CommandLine::parse(int argc, const char* const* argv) {
  try {
    app_.parse(argc, argv);
    require_separate(files_.at(&chosen_app()));
    return {};
  } catch (const CLI::ParseError& end) {
    if (end.get_exit_code() != 0) throw misunderstood(end);
    std::ostringstream text;
    app_.exit(end, text, text);
    return std::move(text).str();
  }
}

Subcommand& CommandLine::chosen() const {
  return *subcommands_.at(&chosen_app());
}

std::string CommandLine::help_command() const {
  const CLI::App& app = chosen_app();
  return "sketchscope " + (&app == &app_ ? "" : app.get_name() + " ") + "--help";
}

const CLI::App& CommandLine::chosen_app() const {
  const auto named = app_.get_subcommands();
  return named.empty() ? app_ : *named.front();
}

core::UsageError CommandLine::misunderstood(const CLI::ParseError& error) const {
  if (const auto unknown = app_.remaining(true); !unknown.empty()) {
    return unknown_word(unknown.front());
  }
  const std::string message = error.what();
  // The library's messages begin with the name of the option that they are about.
  const std::string name = message.substr(0, message.find_first_of(": "));
  const CLI::Option* option = chosen_app().get_option_no_throw(name);
  if (option == nullptr) {
    return core::UsageError({.what = message, .expected = "flags and values as in the help"});
  }
  if (error.get_name() == "RequiredError") {
    return core::UsageError({.what = chosen_app().get_name(),
                             .found = "no " + name,
                             .expected = name + ", " + option->get_description()});
  }
  const std::string placeholder = option->get_type_name();
  return core::UsageError(
      {.what = name,
       .found = placeholder.empty() ? "a value" : "no value",
       .expected = placeholder.empty() ? "the flag alone" : placeholder + " after it"});
}

/// Returns the error for an unknown word, with the nearest known ones.
core::UsageError CommandLine::unknown_word(const std::string& word) const {
  const bool is_flag = word.starts_with("-");
  if (!is_flag && &chosen_app() != &app_) {
    return core::UsageError({.what = "argument of " + chosen_app().get_name(),
                             .found = "'" + word + "'",
                             .expected = "no more than it takes"});
  }
  const auto known = is_flag ? flags_of(chosen_app()) : subcommand_names();
  const auto like = core::nearest(word.substr(0, word.find('=')), {known.begin(), known.end()});
  return core::UsageError({.what = is_flag ? "unknown flag" : "unknown subcommand",
                           .found = "'" + word + "'",
                           .expected = "one of those there are, nearest: " + core::join(like)});
}

std::vector<std::string> CommandLine::subcommand_names() const {
  std::vector<std::string> names;
  for (const CLI::App* app : app_.get_subcommands({})) names.push_back(app->get_name());
  return names;
}

}  // namespace sketchscope::cli
