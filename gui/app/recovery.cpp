#include "gui/app/recovery.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "engine/core/files.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"
#include "engine/core/timing.hpp"
#include "engine/run/run_file.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::app {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostFound = 3;
/// Saving may take this share of the time at most.
constexpr double kMostShare = 0.05;

bool is_alive(int process) {
  return ::kill(process, 0) == 0 || errno != ESRCH;
}

/// Returns the process that a file "run-123.scope" belongs to; 0 if it is none.
int process_of(const fs::path& file) {
  const std::string name = file.stem().string();
  constexpr std::string_view kBeginning = "run-";
  if (file.extension() != ".scope" || !name.starts_with(kBeginning)) return 0;
  return core::parse_number<int>(name.substr(kBeginning.size())).value_or(0);
}

/// Returns the run without what only the newest state has, which takes long to copy.
run::SavedRun snapshot_of(const ShownRun& run) {
  const run::LiveState& state = run.state();
  constexpr std::int64_t kBeforeAll = -1;
  const auto records = run.history().records();
  return {.version = std::string(core::program_version()),
          .prompt = run.source().prompt(),
          .knobs = view::knobs_at(run.history(), state.applied, kBeforeAll),
          .twin = state.twin,
          .audit = state.audit,
          .model = run.model(),
          .records = {records.begin(), records.end()},
          .notes = run.notes()};
}

}  // namespace

fs::path state_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return fs::path(value != nullptr ? value : "");
  };
  const fs::path folder = variable("XDG_STATE_HOME");
  if (folder.is_absolute()) return folder / "sketchscope";
  const fs::path home = variable("HOME");
  return home.empty() ? fs::path() : home / ".local" / "state" / "sketchscope";
}

Recovery::Recovery(fs::path folder, Seconds wait)
    : folder_(std::move(folder)), wait_(wait), next_(Clock::now()) {
  core::make_folder(folder_);
  find_left_files();
}

Recovery::~Recovery() {
  if (saving_.valid()) saving_.wait();
  std::error_code ignored;
  fs::rename(run_file(), last_run(), ignored);
  fs::remove(log_file(), ignored);
}

fs::path Recovery::own(const char* beginning, const char* ending) const {
  return folder_ / (beginning + std::to_string(::getpid()) + ending);
}

void Recovery::find_left_files() {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, ignored)) {
    const fs::path& file = entry.path();
    const int process = process_of(file);
    if (process > 0 && (process == ::getpid() || !is_alive(process))) {
      const fs::path kept = folder_ / ("recovered-" + std::to_string(process) + ".scope");
      fs::rename(file, kept, ignored);
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().filename().string().starts_with("recovered-")) found_.push_back(entry.path());
  }
  std::ranges::sort(found_, {},
                    [&](const fs::path& file) { return fs::last_write_time(file, ignored); });
  while (found_.size() > kMostFound) {
    fs::remove(found_.front(), ignored);
    found_.erase(found_.begin());
  }
}

bool Recovery::is_saving() const {
  return saving_.valid() && saving_.wait_for(Seconds(0)) != std::future_status::ready;
}

void Recovery::keep(const ShownRun& run) {
  // A run that was read from a file is there already.
  if (run.history().empty() || !run.source().file().empty()) return;
  if (is_saving() || Clock::now() < next_) return;
  if (saving_.valid()) {
    const Seconds took = saving_.get();
    next_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                               std::max(wait_, Seconds(took.count() / kMostShare)));
    return;
  }
  if (run.history().run() == saved_run_ && run.steps() == saved_steps_) return;
  save(run);
}

void Recovery::finish(const ShownRun& run) {
  if (run.history().empty() || !run.source().file().empty()) return;
  if (saving_.valid()) saving_.wait();
  if (run.history().run() != saved_run_ || run.steps() != saved_steps_) save(run);
  if (saving_.valid()) saving_.wait();
}

void Recovery::save(const ShownRun& run) {
  saved_run_ = run.history().run();
  saved_steps_ = run.steps();
  saving_ = std::async(std::launch::async, [file = run_file(), saved = snapshot_of(run)] {
    const core::Stopwatch watch;
    try {
      run::save_run(file, saved);
    } catch (const std::exception&) {
      // A full disk must not disturb the window: the next save tries again.
    }
    return Seconds(watch.elapsed_ms() / 1000);
  });
}

}  // namespace sketchscope::app
