#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/run/command.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// The undo history of the knobs.
class KnobUndo {
 public:
  /// Notes `command` before it is sent, with the present knobs `wanted`. Successive changes of one
  /// knob are one entry, and so is setting all at once.
  void note(const Command& command, const Knobs& wanted);
  [[nodiscard]] bool empty() const { return turns_.empty(); }
  /// Returns the command that undoes the last entry; empty if there is none.
  std::optional<Command> undo();
  void clear() { turns_.clear(); }

 private:
  struct Turn {
    std::string knob;  ///< empty for all
    Knobs before;
  };
  std::vector<Turn> turns_;
};

}  // namespace sketchscope
