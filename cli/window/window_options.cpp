#include "cli/window/window_options.hpp"

#include "cli/embedded_model.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {
namespace {

/// The window samples by default, so that restarts show different continuations.
Knobs window_knobs() {
  return {.temperature = 0.7};
}

constexpr int kSpeedMaximum = 1'000'000;

}  // namespace

void WindowOptions::declare(Flags& flags) {
  flags.group("Window");
  flags.add("--prompt", prompt_, "text to start from (default: a tale)");
  flags.add("--prompt-file", prompt_file_, "file that holds it");
  flags.add_switch("--no-twin", without_twin_, "start without the full cache beside it");
  flags.add("--speed", speed_, {0, kSpeedMaximum},
            "tokens per second at first; 0 is as fast as it goes (default: 10)");
  common_.declare_audit(flags);
  common_.declare_max_bytes(flags);
  common_.declare(flags, window_knobs(), kAllKnobs);
}

std::string WindowOptions::prompt() const {
  if (prompt_ && !prompt_file_.empty()) {
    throw UsageError({.what = "prompt", .expected = "either --prompt or --prompt-file"});
  }
  if (prompt_) return *prompt_;
  if (!prompt_file_.empty()) return read_file(prompt_file_);
  return common_.uses_embedded_model() ? read_file(embedded_prompt()) : std::string();
}

WorkerOptions WindowOptions::worker(const LoadedModel& model) const {
  return {.knobs = common_.knobs(model, window_knobs()),
          .prompt = prompt(),
          .twin = !without_twin_,
          .audit = common_.audit(),
          .tokens_per_second = static_cast<double>(speed_),
          .threads = common_.threads()};
}

ModelAccess WindowOptions::models() const {
  return {
      .read =
          [common = common_](const std::filesystem::path& directory, const ProgressSink& progress) {
            return common.open_directory(directory, progress);
          },
      .embedded = embedded_model(),
      .threads = common_.threads()};
}

}  // namespace sketchscope
