#include "gui/app/knob_undo.hpp"

namespace sketchscope {

void KnobUndo::note(const Command& command, const Knobs& wanted) {
  if (std::holds_alternative<command::SetKnobs>(command)) clear();
  const auto* set = std::get_if<command::SetKnob>(&command);
  if (set == nullptr) return;
  if (!turns_.empty() && turns_.back().name == set->name) return;
  turns_.push_back({set->name, knob_text(wanted, knob_info(set->name))});
}

std::optional<command::SetKnob> KnobUndo::undo() {
  if (turns_.empty()) return std::nullopt;
  const command::SetKnob last = turns_.back();
  turns_.pop_back();
  return last;
}

}  // namespace sketchscope
