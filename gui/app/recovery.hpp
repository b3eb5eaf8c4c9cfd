#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <future>
#include <vector>

#include "gui/app/shown_run.hpp"

namespace sketchscope::app {

/// Returns $XDG_STATE_HOME/sketchscope, or the path under ~/.local/state; empty without a home
/// directory.
std::filesystem::path state_folder();

/// Keeps the run of a window in a file, so that neither a crash nor closing the window loses it.
/// The file is written anew from time to time on a thread of its own; after an orderly end it is
/// `last-run.scope`, and after a crash the next window finds it.
class Recovery {
 public:
  using Seconds = std::chrono::duration<double>;
  static constexpr Seconds kUsualWait{20};

  /// Uses this folder, which is made if necessary. `wait` is the least time between two saves; a
  /// save that takes long makes it longer. Throws Error if the folder cannot be made.
  explicit Recovery(std::filesystem::path folder, Seconds wait = kUsualWait);
  ~Recovery();
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;

  /// Returns the runs that windows left which did not end in order, oldest first.
  [[nodiscard]] const std::vector<std::filesystem::path>& found() const { return found_; }
  /// Returns the run of the last window that was closed; it need not exist.
  [[nodiscard]] std::filesystem::path last_run() const { return folder_ / "last-run.scope"; }
  /// Returns the files of this window.
  [[nodiscard]] std::filesystem::path run_file() const { return own("run-", ".scope"); }
  [[nodiscard]] std::filesystem::path log_file() const { return own("window-", ".log"); }

  /// Saves the run if it has steps that the file lacks and it is time. Call between frames.
  void keep(const ShownRun& run);
  /// Saves the run now, and waits for it.
  void finish(const ShownRun& run);

 private:
  [[nodiscard]] std::filesystem::path own(const char* beginning, const char* ending) const;
  void find_left_files();
  void save(const ShownRun& run);
  [[nodiscard]] bool is_saving() const;

  std::filesystem::path folder_;
  Seconds wait_;
  std::vector<std::filesystem::path> found_;
  std::uint64_t saved_run_ = 0;
  std::int64_t saved_steps_ = 0;
  std::chrono::steady_clock::time_point next_;
  std::future<Seconds> saving_;  ///< gives the time that it took
};

}  // namespace sketchscope::app
