#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/run/command.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::app {

/// The undo history of the knobs.
class KnobUndo {
 public:
  /// Notes `command` before it is sent, with the present knobs `wanted`. Successive changes of one
  /// knob are one entry, and so is setting all at once.
  void note(const run::Command& command, const settings::Knobs& wanted) {
    if (const auto* all = std::get_if<run::command::SetKnobs>(&command)) {
      if (all->knobs != wanted) entries_.push_back({"", wanted});
    } else if (const auto* set = std::get_if<run::command::SetKnob>(&command)) {
      const bool goes_on = !entries_.empty() && entries_.back().knob == set->name;
      if (!goes_on) entries_.push_back({set->name, wanted});
    }
  }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// Returns the command that undoes the last entry; empty if there is none.
  std::optional<run::Command> undo() {
    if (entries_.empty()) return std::nullopt;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (last.knob.empty()) return run::command::SetKnobs{last.before};
    return run::command::SetKnob{last.knob,
                                 settings::knob_text(last.before, settings::knob_info(last.knob))};
  }
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    std::string knob;  ///< empty for all
    settings::Knobs before;
  };

  std::vector<Entry> entries_;
};

}  // namespace sketchscope::app
