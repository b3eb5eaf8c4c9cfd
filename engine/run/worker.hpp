#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/model_directory.hpp"
#include "engine/model/start_token.hpp"
#include "engine/record/record_log.hpp"
#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::run {

/// The inputs of a run: tokens and knob changes. Together with the model they determine every step.
struct Recording {
  settings::Knobs knobs;                             ///< at the start
  std::vector<int> prompt;                           ///< prompt tokens that were fed
  std::vector<int> generated;                        ///< tokens fed after the prompt
  std::map<std::int64_t, settings::Knobs> schedule;  ///< knobs that a person set, by step
  settings::Knobs last;                              ///< in force at the end
  std::int64_t steps = 0;
  double last_entropy = 0;  ///< last step's entropy, which identifies the model
};

/// Reconstructs the recording of a run from its first knobs and its records from step 0 on.
Recording recording_of(const settings::Knobs& first,
                       std::span<const record::RecordPointer> records);

/// Options of the first watched run.
struct WorkerOptions {
  settings::Knobs knobs;
  std::string prompt;
  model::StartToken start_token = model::StartToken::automatic;  ///< before it and later prompts
  bool twin = true;
  bool audit = true;
  bool running = true;
  double tokens_per_second = 10;
  bool trace_steps = true;  ///< take every step apart (LiveState::step_traces)
  int threads = 2;
  /// Memory budget for the records of a run, in bytes. The run pauses once they have used it.
  std::size_t record_bytes = std::size_t{1} << 30;
  /// A recorded run to replay at full speed and to continue. `prompt` is then its text, and `knobs`
  /// are those at its end.
  std::optional<Recording> continued;
};

/// Returns the names and shapes of a model for display.
ModelInfo model_info(const model::LoadedModel& model);

/// The thread that owns the session. It receives commands (CommandQueue) and publishes the latest
/// state and the complete record log. All methods may be called from any thread and never wait for
/// a step.
class Worker {
 public:
  /// `wake` is called from the worker's thread after each publication.
  Worker(model::LoadedModel model, WorkerOptions options, std::function<void()> wake);
  ~Worker();

  void send(Command command, std::string tag = {});

  [[nodiscard]] std::shared_ptr<const LiveState> state() const;
  /// Returns the records of the run of a place, which is less than kMostRuns; empty if there is
  /// none.
  [[nodiscard]] const record::RecordLog& log(std::size_t place = 0) const;
  [[nodiscard]] const ModelInfo& model() const;
  /// Returns the messages since the last call, oldest first.
  [[nodiscard]] std::vector<Notice> take_notices();
  /// Returns the prompt of the current run as text.
  [[nodiscard]] std::string prompt() const;
  /// Returns whether every command sent so far was carried out, and what it asked for is known; a
  /// run that it started may still go on.
  [[nodiscard]] bool idle() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sketchscope::run
