#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_file.hpp"

namespace sketchscope::view {

/// The source of the run that the window shows: the engine's worker, a file, or a synthetic run in
/// tests. No call waits for a step.
class RunSource {
 public:
  virtual ~RunSource() = default;

  /// Sends a command; one with a tag replaces an unread one of the same tag.
  virtual void send(run::Command command, std::string tag) = 0;
  /// Returns the latest state, never null.
  [[nodiscard]] virtual std::shared_ptr<const run::LiveState> state() const = 0;
  [[nodiscard]] virtual const record::RecordLog& log() const = 0;
  /// Returns the log of the compared run of a place from 1 on; null if the source compares nothing.
  [[nodiscard]] virtual const record::RecordLog* compared_log(std::size_t) const { return nullptr; }
  [[nodiscard]] virtual const run::ModelInfo& model() const = 0;
  /// Returns the messages since the last call, oldest first.
  [[nodiscard]] virtual std::vector<run::Notice> take_notices() = 0;
  [[nodiscard]] virtual std::string prompt() const = 0;
  /// Returns whether every command sent so far was carried out.
  [[nodiscard]] virtual bool idle() const = 0;
  /// Returns the notes that were saved with the run.
  [[nodiscard]] virtual std::vector<run::StepNote> notes() const { return {}; }
  /// Returns the file of a saved run; empty for a live one.
  [[nodiscard]] virtual std::filesystem::path file() const { return {}; }
};

}  // namespace sketchscope::view
