#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_file.hpp"

namespace sketchscope {

/// The run that the window watches: the engine's worker, or an invented one in tests. No call
/// waits for a step.
class RunSource {
 public:
  virtual ~RunSource() = default;

  /// A command with a tag replaces an unread one of the same tag.
  virtual void send(Command command, std::string tag) = 0;
  /// Never null.
  [[nodiscard]] virtual std::shared_ptr<const LiveState> state() const = 0;
  [[nodiscard]] virtual const RecordLog& log() const = 0;
  /// Of the run that this one is compared with; null where there can be none.
  [[nodiscard]] virtual const RecordLog* other_log() const { return nullptr; }
  [[nodiscard]] virtual const ModelInfo& model() const = 0;
  /// Messages since the last call, oldest first.
  [[nodiscard]] virtual std::vector<Notice> take_notices() = 0;
  [[nodiscard]] virtual std::string prompt() const = 0;
  /// True when every command sent so far was carried out.
  [[nodiscard]] virtual bool idle() const = 0;
  /// What was written about its steps when it was saved.
  [[nodiscard]] virtual std::vector<StepNote> notes() const { return {}; }
  /// What the run was read from; empty for a live one.
  [[nodiscard]] virtual std::filesystem::path file() const { return {}; }
};

}  // namespace sketchscope
