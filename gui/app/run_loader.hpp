#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/model/offered_models.hpp"
#include "engine/run/worker.hpp"
#include "gui/app/run_sources.hpp"

namespace sketchscope::app {

/// The loading of a model or run on a thread of its own.
class LoadTask {
 public:
  /// The function that loads the run. Throws Error, and rethrows exceptions of `progress`.
  using Work = std::function<std::unique_ptr<view::RunSource>(const core::ProgressSink& progress)>;

  /// `wake` is called from the thread on progress and completion.
  LoadTask(std::string name, Work work, std::function<void()> wake);
  /// Cancels the task and waits for the thread.
  ~LoadTask();
  LoadTask(const LoadTask&) = delete;
  LoadTask& operator=(const LoadTask&) = delete;

  /// Returns the last component of the path.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] double share() const { return share_; }
  /// Cancels the task, which ends at its next report of progress.
  void cancel() { cancelled_ = true; }
  [[nodiscard]] bool cancelled() const { return cancelled_; }
  [[nodiscard]] bool done() const;
  /// Returns the run. Call once, after completion. Rethrows the work's exception.
  [[nodiscard]] std::unique_ptr<view::RunSource> take() { return result_.get(); }

 private:
  void report(double share);

  std::string name_;
  std::function<void()> wake_;
  std::atomic<double> share_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::future<std::unique_ptr<view::RunSource>> result_;
};

/// Loads a model from its directory or GGUF file. Throws Error, and rethrows the sink's exceptions.
using ModelReader = std::function<model::LoadedModel(const std::filesystem::path& directory,
                                                     const core::ProgressSink&)>;

/// The means by which the window opens other models.
struct ModelAccess {
  ModelReader read;
  std::filesystem::path embedded;                 ///< directory of the embedded model
  int threads = 1;                                ///< threads per run
  std::vector<model::OfferedModel> offered = {};  ///< those that open by name once brought
};

/// Opens models and runs in the background, and replaces the watched run when they are ready. A new
/// task cancels the one in progress.
class RunLoader {
 public:
  /// `wake` may be called from any thread.
  RunLoader(ReplaceableSource& source, ModelAccess models, std::function<void()> wake);

  /// Opens a live run of that model; an empty path is the embedded one's.
  void open_model(const std::filesystem::path& directory, run::WorkerOptions options);
  /// Returns the models that a person may bring and open.
  [[nodiscard]] const std::vector<model::OfferedModel>& offered() const { return models_.offered; }
  void open_run(const std::filesystem::path& file);
  /// Opens a saved run as a live one: replays its steps with the model it names or the embedded
  /// one, and pauses at its end.
  void continue_run(const std::filesystem::path& file);

  /// Returns the task in progress; null if there is none.
  [[nodiscard]] const LoadTask* current() const { return current_.get(); }
  void cancel() {
    if (current_) current_->cancel();
  }

  /// Replaces the watched run by an opened one, if it is ready, and returns whether it did. Call
  /// between frames. Rethrows the task's exception; throws Cancelled if it was cancelled.
  bool exchange();

 private:
  void start(const std::filesystem::path& path, LoadTask::Work work);

  ReplaceableSource& source_;
  ModelAccess models_;
  std::function<void()> wake_;
  std::unique_ptr<LoadTask> current_;
  std::vector<std::unique_ptr<LoadTask>> given_up_;  ///< cancelled, but still running
  std::vector<std::jthread> ending_;  ///< destroy former runs, which may be within a step
};

}  // namespace sketchscope::app
