#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "engine/core/progress.hpp"
#include "engine/run/worker.hpp"
#include "gui/app/changing_source.hpp"
#include "gui/app/opening.hpp"

namespace sketchscope {

/// Reads a model directory into memory. Throws Error, and what the sink throws.
using ModelReader =
    std::function<LoadedModel(const std::filesystem::path& directory, const ProgressSink&)>;

/// How a window reaches models beside the one it began with.
struct ModelAccess {
  ModelReader read;
  std::filesystem::path embedded;  ///< the directory of the program's own
  int threads = 1;                 ///< of a run
};

/// Opens models and runs beside the one that is watched, and puts them in its place when they are
/// ready. One at a time: a new one ends what was being opened.
class Opener {
 public:
  /// `wake` may be called from any thread.
  Opener(ChangingSource& source, ModelAccess models, std::function<void()> wake);

  /// A live run of that model.
  void open_model(const std::filesystem::path& directory, WorkerOptions options);
  void open_run(const std::filesystem::path& file);
  /// The saved run again, live: its steps are made anew, by the model it names or the program's
  /// own, and it pauses at its end.
  void continue_run(const std::filesystem::path& file);

  /// What is being opened; null while nothing is.
  [[nodiscard]] const Opening* current() const { return current_.get(); }
  void cancel();

  /// Between two frames: puts the run that is ready in the place of the one that was watched. True
  /// then. Throws what opening it threw; Cancelled where it was given up.
  bool exchange();

 private:
  void start(const std::filesystem::path& path, Opening::Work work);

  ChangingSource& source_;
  ModelAccess models_;
  std::function<void()> wake_;
  std::unique_ptr<Opening> current_;
  std::vector<std::unique_ptr<Opening>> given_up_;  ///< that have not noticed it yet
  std::vector<std::jthread> ending_;                ///< of former runs, which may be within a step
};

}  // namespace sketchscope
