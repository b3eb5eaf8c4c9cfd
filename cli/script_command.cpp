#include "cli/script_command.hpp"

#include <iostream>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/view.hpp"

namespace sketchscope {
namespace {

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

}  // namespace

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

}  // namespace sketchscope
