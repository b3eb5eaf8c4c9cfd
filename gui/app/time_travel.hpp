#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "gui/app/shown_run.hpp"
#include "gui/panels/panel.hpp"

namespace sketchscope {

/// What the records do not have and only the engine can tell: the state at the step shown, the
/// scores of the position that was chosen.
class TimeTravel {
 public:
  /// Asks for it where it was not asked for yet.
  void ask(const ShownRun& run, const CommandSink& send);
  /// The latest state, or the one at the step shown once it is there; until the next call.
  [[nodiscard]] const LiveState& shown_state(const ShownRun& run);

 private:
  std::optional<std::int64_t> asked_step_;
  std::optional<int> asked_position_;
  std::uint64_t asked_generation_ = 0;
  LiveState shown_;                            ///< the latest state, with layers of the past
  std::shared_ptr<const LiveState> shown_of_;  ///< the latest state it was made from
};

}  // namespace sketchscope
