#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/session/command.hpp"
#include "engine/session/knobs.hpp"

namespace sketchscope {

/// Remembers what knobs were before a hand turned them.
class KnobUndo {
 public:
  /// Before `command` is sent while `wanted` are the knobs. Turning one knob on and on is one turn.
  void note(const Command& command, const Knobs& wanted);
  [[nodiscard]] bool empty() const { return turns_.empty(); }
  /// Sets the knob that was turned last back; empty where none was.
  std::optional<command::SetKnob> undo();
  void clear() { turns_.clear(); }

 private:
  std::vector<command::SetKnob> turns_;  // with the values from before
};

}  // namespace sketchscope
