#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/run/command.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Remembers what knobs were before a hand turned them.
class KnobUndo {
 public:
  /// Before `command` is sent while `wanted` are the knobs. Turning one knob on and on is one turn,
  /// and so is turning all at once.
  void note(const Command& command, const Knobs& wanted);
  [[nodiscard]] bool empty() const { return turns_.empty(); }
  /// Sets back what was turned last; empty where nothing was.
  std::optional<Command> undo();
  void clear() { turns_.clear(); }

 private:
  struct Turn {
    std::string knob;  ///< empty: all
    Knobs before;
  };
  std::vector<Turn> turns_;
};

}  // namespace sketchscope
