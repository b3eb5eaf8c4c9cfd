#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/run/worker.hpp"
#include "gui/app/changing_source.hpp"
#include "gui/app/opening.hpp"

namespace sketchscope {

/// Loads a model directory. Throws Error, and rethrows the sink's exceptions.
using ModelReader =
    std::function<LoadedModel(const std::filesystem::path& directory, const ProgressSink&)>;

/// The means by which the window opens other models.
struct ModelAccess {
  ModelReader read;
  std::filesystem::path embedded;  ///< directory of the embedded model
  int threads = 1;                 ///< threads per run
};

/// Opens models and runs in the background, and replaces the watched run when they are ready. A new
/// opening cancels the one in progress.
class Opener {
 public:
  /// `wake` may be called from any thread.
  Opener(ChangingSource& source, ModelAccess models, std::function<void()> wake);

  /// Opens a live run of that model.
  void open_model(const std::filesystem::path& directory, WorkerOptions options);
  void open_run(const std::filesystem::path& file);
  /// Opens a saved run as a live one: replays its steps with the model it names or the embedded
  /// one, and pauses at its end.
  void continue_run(const std::filesystem::path& file);

  /// Returns the opening in progress; null if there is none.
  [[nodiscard]] const Opening* current() const { return current_.get(); }
  void cancel();

  /// Replaces the watched run by an opened one, if it is ready, and returns whether it did. Call
  /// between frames. Rethrows the opening's exception; throws Cancelled if it was cancelled.
  bool exchange();

 private:
  void start(const std::filesystem::path& path, Opening::Work work);

  ChangingSource& source_;
  ModelAccess models_;
  std::function<void()> wake_;
  std::unique_ptr<Opening> current_;
  std::vector<std::unique_ptr<Opening>> given_up_;  ///< cancelled, but still running
  std::vector<std::jthread> ending_;  ///< destroy former runs, which may be within a step
};

}  // namespace sketchscope
