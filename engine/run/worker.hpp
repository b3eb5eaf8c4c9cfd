#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/model_directory.hpp"
#include "engine/record/record_log.hpp"
#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/recording.hpp"

namespace sketchscope {

/// How the watched run starts.
struct WorkerOptions {
  Knobs knobs;
  std::string prompt;
  bool twin = true;
  bool audit = true;
  bool running = true;
  double tokens_per_second = 10;
  int threads = 2;
  /// A recorded run to make again as fast as it goes, and to go on from. `prompt` is then its text,
  /// and `knobs` are those at its end.
  std::optional<Recording> continued;
};

/// The names and shapes that the window shows of a model.
ModelInfo model_info(const LoadedModel& model);

/// The thread that owns the session. Commands go in (first in, first out; one with a tag replaces
/// an unread one of the same tag), the latest state and the complete record log come out. All
/// methods may be called from any thread and never wait for a step.
class Worker {
 public:
  /// `wake` is called from the worker's thread whenever something new was published.
  Worker(LoadedModel model, WorkerOptions options, std::function<void()> wake);
  ~Worker();

  void send(Command command, std::string tag = {});

  [[nodiscard]] std::shared_ptr<const LiveState> state() const;
  [[nodiscard]] const RecordLog& log() const;
  /// The records of the run that the watched one is compared with; empty while there is none.
  [[nodiscard]] const RecordLog& other_log() const;
  [[nodiscard]] const ModelInfo& model() const;
  /// Messages since the last call, oldest first.
  [[nodiscard]] std::vector<Notice> take_notices();
  /// The prompt of the current run, as text.
  [[nodiscard]] std::string prompt() const;
  /// True when every command sent so far was carried out (what it asked for may still be running).
  [[nodiscard]] bool idle() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sketchscope
