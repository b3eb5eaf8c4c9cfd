#include "gui/view/step_notes.hpp"

#include <algorithm>
#include <utility>

namespace sketchscope {

void set_note(std::vector<StepNote>& notes, StepNote note) {
  std::erase_if(notes, [&](const StepNote& other) { return other.step == note.step; });
  if (note.text.empty()) return;
  const auto place = std::ranges::upper_bound(notes, note.step, {}, &StepNote::step);
  notes.insert(place, std::move(note));
}

std::string note_at(std::span<const StepNote> notes, std::int64_t step) {
  const auto found = std::ranges::find(notes, step, &StepNote::step);
  return found != notes.end() ? found->text : std::string();
}

}  // namespace sketchscope
