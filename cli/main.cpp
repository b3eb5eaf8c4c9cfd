#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <new>
#include <vector>

#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

constexpr std::array kSubcommands = {
    SubcommandKind{"generate", "continue a prompt; measure memory, time and divergence",
                   make_generate_command},
    SubcommandKind{"eval", "perplexity of a text under a capped cache", make_eval_command},
    SubcommandKind{"recall", "recall of far-back facts by distance", make_recall_command},
    SubcommandKind{"branch", "many samples of a prompt, branching where the model is unsure",
                   make_branch_command},
    SubcommandKind{"sweep", "measure every configuration of a grid, many in one forward pass",
                   make_sweep_command},
    SubcommandKind{"report", "a folder of results as one HTML file and Markdown",
                   make_report_command},
    SubcommandKind{"reads", "every read and summary of the evicted, on the same steps of a text",
                   make_reads_command},
    SubcommandKind{"attention", "how far each head's attention moves from that over a full cache",
                   make_attention_command},
    SubcommandKind{"heads", "which heads rest on position 0, look one token back, or copy",
                   make_heads_command},
    SubcommandKind{"sketches", "what sketches and exact counters know in equal bytes",
                   make_sketches_command},
    SubcommandKind{"logits", "logits after the tokens given, as JSON", make_logits_command},
    SubcommandKind{"bench", "how fast steps, prompts and kernels run here", make_bench_command},
    SubcommandKind{"tokenize", "standard input to token ids, or back", make_tokenize_command},
    SubcommandKind{"tale", "print tales of the embedded model's corpus", make_tale_command},
    SubcommandKind{"train", "rebuild the embedded model", make_train_command},
};

/// Returns all subcommands of this build: those of the window, then the others.
std::vector<SubcommandKind> subcommand_kinds() {
  const auto window = window_subcommand_kinds();
  std::vector<SubcommandKind> kinds(window.begin(), window.end());
  std::ranges::copy(kSubcommands, std::back_inserter(kinds));
  return kinds;
}

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

/// Returns the program's version and the available devices, one per line.
std::string version_text() {
  return "sketchscope " + std::string(core::program_version()) + "\n" + core::cuda_text();
}

class CommandLine {
 public:
  CommandLine() {
    app_.name("sketchscope");
    app_.require_subcommand(0, 1);
    app_.set_version_flag("--version", version_text);
    for (const SubcommandKind& kind : subcommand_kinds()) add(kind);
    app_.footer("Flags of a subcommand: sketchscope SUBCOMMAND --help");
  }

  /// Parses the arguments. Throws CLI::ParseError, also for help and version.
  void parse(int argc, const char* const* argv) { app_.parse(argc, argv); }

  void run() { subcommands_.at(&chosen())->run(); }

  [[nodiscard]] int show(const CLI::ParseError& end) const {
    return app_.exit(end, std::cout, std::cerr);
  }

  /// Returns the error for an unknown argument, with the nearest known ones.
  [[nodiscard]] core::UsageError misunderstood(const CLI::ParseError& error) const {
    const auto unknown = app_.remaining(true);
    if (unknown.empty()) {
      return core::UsageError({.what = error.what(), .remedy = "See " + help_of(chosen())});
    }
    const std::string& word = unknown.front();
    const bool is_flag = word.starts_with("-");
    const auto known = is_flag ? flags_of(chosen()) : subcommand_names();
    const auto like = core::nearest(word.substr(0, word.find('=')), {known.begin(), known.end()});
    return core::UsageError({.what = is_flag ? "unknown flag" : "unknown subcommand",
                             .found = "'" + word + "'",
                             .expected = "one of those there are, nearest: " + core::join(like),
                             .remedy = "See " + help_of(chosen())});
  }

 private:
  void add(const SubcommandKind& kind) {
    CLI::App* app = kind.name.empty() ? &app_ : app_.add_subcommand(std::string(kind.name));
    app->description(std::string(kind.help));
    app->set_help_flag("-h,--help", "what there is to set");
    auto subcommand = kind.make();
    Flags flags(*app);
    subcommand->declare(flags);
    subcommands_.emplace(app, std::move(subcommand));
  }

  [[nodiscard]] const CLI::App& chosen() const {
    const auto named = app_.get_subcommands();
    return named.empty() ? app_ : *named.front();
  }

  [[nodiscard]] std::string help_of(const CLI::App& app) const {
    return "sketchscope " + (&app == &app_ ? "" : app.get_name() + " ") + "--help";
  }

  static std::vector<std::string> flags_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
  }

  static std::vector<std::string> subcommand_names() {
    std::vector<std::string> names;
    for (const SubcommandKind& kind : subcommand_kinds()) {
      if (!kind.name.empty()) names.emplace_back(kind.name);
    }
    return names;
  }

  CLI::App app_;
  std::map<const CLI::App*, std::unique_ptr<Subcommand>> subcommands_;
};

int report(const std::exception& error, int exit_code) {
  std::cerr << "sketchscope: " << error.what() << '\n';
  return exit_code;
}

int parse_and_run(int argc, const char* const* argv) {
  CommandLine command_line;
  try {
    command_line.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    if (end.get_exit_code() == 0) return command_line.show(end);
    throw command_line.misunderstood(end);
  }
  command_line.run();
  return 0;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const core::UsageError& error) {
    return report(error, kBadUsage);
  } catch (const std::bad_alloc&) {
    return report(
        core::Error({.what = "out of memory",
                     .remedy = "Lower max_cache_size, the context or the number of lanes"}),
        kFailed);
  } catch (const std::exception& error) {
    return report(error, kFailed);
  }
}

}  // namespace sketchscope::cli

int main(int argc, char** argv) {
  return sketchscope::cli::run_command_line(argc, argv);
}
