#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "engine/core/error.hpp"
#include "gui/view/run_source.hpp"

namespace sketchscope {

/// The opening of a run on its own thread.
class Opening {
 public:
  /// The function that opens the run. Throws Error, and rethrows exceptions of `progress`.
  using Work = std::function<std::unique_ptr<RunSource>(const ProgressSink& progress)>;

  /// `wake` is called from the thread on progress and completion.
  Opening(std::string name, Work work, std::function<void()> wake);
  /// Cancels the opening and waits for the thread.
  ~Opening();
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;

  /// Returns the last component of the path.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] double share() const { return share_; }
  /// Cancels the opening, which ends at its next report of progress.
  void cancel() { cancelled_ = true; }
  [[nodiscard]] bool cancelled() const { return cancelled_; }
  [[nodiscard]] bool done() const;
  /// Returns the run. Call once, after completion. Rethrows the work's exception.
  [[nodiscard]] std::unique_ptr<RunSource> take() { return result_.get(); }

 private:
  void report(double share);

  std::string name_;
  std::function<void()> wake_;
  std::atomic<double> share_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::future<std::unique_ptr<RunSource>> result_;
};

}  // namespace sketchscope
