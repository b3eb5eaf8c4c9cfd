#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "engine/core/progress.hpp"
#include "gui/view/run_source.hpp"

namespace sketchscope {

/// A run that is being opened, on a thread of its own.
class Opening {
 public:
  /// Throws Error where it cannot be opened, and what `progress` throws.
  using Work = std::function<std::unique_ptr<RunSource>(const ProgressSink& progress)>;

  /// `wake` is called from the thread when it has something to say.
  Opening(std::string name, Work work, std::function<void()> wake);
  /// Cancels it and waits for its end.
  ~Opening();
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;

  /// What a person calls it: the last part of its path.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] double share() const { return share_; }
  /// It ends at the next report of progress.
  void cancel() { cancelled_ = true; }
  [[nodiscard]] bool cancelled() const { return cancelled_; }
  [[nodiscard]] bool done() const;
  /// Once, when it is done: the run. Throws what the work threw.
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
