#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "gui/app/shown_run.hpp"
#include "gui/panels/panel.hpp"

namespace sketchscope {

/// Requests from the engine what records lack: the state at the step shown, and the trace of the
/// selected position.
class TimeTravel {
 public:
  /// Sends the requests that were not sent yet.
  void ask(const ShownRun& run, const CommandSink& send);
  /// Returns the state at the step shown if it is known, else the latest; valid until the next
  /// call.
  [[nodiscard]] const LiveState& shown_state(const ShownRun& run);

 private:
  std::optional<std::int64_t> asked_step_;
  std::optional<int> asked_position_;
  std::uint64_t asked_generation_ = 0;
  LiveState shown_;                            ///< the latest state with layers of the past
  std::shared_ptr<const LiveState> shown_of_;  ///< the latest state from which shown_ was made
};

}  // namespace sketchscope
