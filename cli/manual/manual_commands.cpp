#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/manual/completions.hpp"
#include "cli/manual/manual_page.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

/// Describes every command of this build.
std::vector<CommandDescription> all_commands() {
  return CommandLine(subcommand_kinds()).describe();
}

/// `completions SHELL`: prints a script by which a shell completes command lines.
class CompletionsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    std::vector<std::string_view> shells;
    for (const CompletedShell& shell : kCompletedShells) shells.push_back(shell.name);
    flags.add_argument("SHELL", shell_, shells, "which shell reads it");
  }

  void run(const std::stop_token& stop) override {
    static_cast<void>(stop);
    for (const CompletedShell& shell : kCompletedShells) {
      if (shell.name == shell_) write_standard_output(shell.script(all_commands()));
    }
  }

 private:
  std::string shell_;
};

/// `manual`: prints a page of the manual, or writes all of them and the completions into a folder,
/// from where they are installed.
class ManualCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Output");
    flags.add("--command", command_, "print the page of this command (default: of the program)");
    flags.add_switch("--markdown", markdown_, "print one page of Markdown with all commands");
    flags.add("--out", out_,
              "write all pages and completions below this folder, as share/ has them");
  }

  void run(const std::stop_token& stop) override {
    static_cast<void>(stop);
    const std::vector<CommandDescription> commands = all_commands();
    if (!out_.empty()) return write_all(commands);
    write_standard_output(markdown_ ? command_page(commands)
                                    : manual_page(command_named(commands), commands));
  }

 private:
  /// Returns the command that --command names, or the program, whose name is empty and which is
  /// always among them. Throws UsageError on an unknown name.
  [[nodiscard]] const CommandDescription& command_named(
      const std::vector<CommandDescription>& commands) const {
    std::vector<std::string_view> names;
    for (const CommandDescription& command : commands) {
      if (command.name == command_.value_or("")) return command;
      if (!command.name.empty()) names.push_back(command.name);
    }
    throw core::UsageError({.what = "--command",
                            .found = "'" + *command_ + "'",
                            .expected = "one of " + core::join(names)});
  }

  /// Writes everything below `out_` in the folders where man and the shells look for it below
  /// share/.
  void write_all(const std::vector<CommandDescription>& commands) const {
    const auto write = [this](const std::filesystem::path& inside, const std::string& text) {
      core::make_folder((out_ / inside).parent_path());
      core::write_file(out_ / inside, text);
    };
    for (const CommandDescription& command : commands) {
      write("man/man1/" + command.page() + ".1", manual_page(command, commands));
    }
    write("bash-completion/completions/sketchscope", bash_completions(commands));
    write("zsh/vendor-completions/_sketchscope", zsh_completions(commands));
    write("fish/vendor_completions.d/sketchscope.fish", fish_completions(commands));
  }

  std::optional<std::string> command_;
  bool markdown_ = false;
  std::filesystem::path out_;
};

}  // namespace

std::unique_ptr<Subcommand> make_completions_command() {
  return std::make_unique<CompletionsCommand>();
}

std::unique_ptr<Subcommand> make_manual_command() {
  return std::make_unique<ManualCommand>();
}

}  // namespace sketchscope::cli
