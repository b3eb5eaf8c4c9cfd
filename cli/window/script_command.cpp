#include <filesystem>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/window/window_options.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/view.hpp"

namespace sketchscope {
namespace {

/// `script`: drives the window offscreen by a file of actions and expectations.
class ScriptCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  WindowOptions window_;
  std::filesystem::path script_;
  std::filesystem::path out_;
};

/// A line per case; throws Error when one failed.
void report(const ScriptResult& result, const std::filesystem::path& out) {
  std::size_t failed = 0;
  for (const ScriptCase& one : result.cases) {
    const bool passed = one.failure.empty();
    std::cerr << (passed ? "passed  " : "FAILED  ") << one.name
              << (passed ? "" : ": " + one.failure) << '\n';
    if (!passed) ++failed;
  }
  if (failed == 0) return;
  throw Error({.what = std::to_string(failed) + " of " + std::to_string(result.cases.size()) +
                       " cases failed",
               .remedy = "See " + (out / "log.txt").string() + " and the pictures beside it"});
}

void ScriptCommand::declare(Flags& flags) {
  flags.add_argument("FILE", script_, "the script");
  flags.group("Output");
  flags.add("--out", out_, "folder for screenshots, log.txt and junit.xml");
  window_.declare(flags);
}

void ScriptCommand::run() {
  if (out_.empty()) throw UsageError({.what = "script", .expected = "a folder: --out DIR"});
  make_folder(out_);
  const LoadedModel model = window_.open();
  report(run_script_offscreen(model, window_.worker(model), window_.models(), script_, out_), out_);
}

}  // namespace

std::unique_ptr<Subcommand> make_script_command() {
  return std::make_unique<ScriptCommand>();
}

}  // namespace sketchscope
