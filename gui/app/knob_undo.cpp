#include "gui/app/knob_undo.hpp"

namespace sketchscope {

void KnobUndo::note(const Command& command, const Knobs& wanted) {
  if (const auto* all = std::get_if<command::SetKnobs>(&command)) {
    if (all->knobs != wanted) turns_.push_back({"", wanted});
    return;
  }
  const auto* set = std::get_if<command::SetKnob>(&command);
  if (set == nullptr) return;
  if (!turns_.empty() && turns_.back().knob == set->name) return;
  turns_.push_back({set->name, wanted});
}

std::optional<Command> KnobUndo::undo() {
  if (turns_.empty()) return std::nullopt;
  const Turn last = turns_.back();
  turns_.pop_back();
  if (last.knob.empty()) return command::SetKnobs{last.before};
  return command::SetKnob{last.knob, knob_text(last.before, knob_info(last.knob))};
}

}  // namespace sketchscope
