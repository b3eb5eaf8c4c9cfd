#include "gui/view/step_axis.hpp"

#include <algorithm>
#include <utility>

namespace sketchscope::view {
namespace {

constexpr double kFewestSteps = 64;  // least extent of an axis for the whole run
constexpr double kNarrowest = 8;     // least extent of a zoomed axis, steps

}  // namespace

StepRange whole_run(std::int64_t steps) {
  return {0, std::max(kFewestSteps, static_cast<double>(steps - 1))};
}

StepRange StepWindow::range(std::int64_t steps) const {
  const StepRange whole = whole_run(steps);
  if (!width_) return whole;
  if (first_) return {*first_, *first_ + *width_};
  return {std::max(0.0, whole.last - *width_), whole.last};
}

void StepWindow::show(StepRange range, std::int64_t steps) {
  const StepRange whole = whole_run(steps);
  if (!(range.width() < whole.width())) return fit();
  const double width = std::max(range.width(), kNarrowest);
  const double middle = (range.first + range.last) / 2;
  const double first = std::clamp(middle - width / 2, 0.0, whole.last - width);
  width_ = width;
  first_ = first;
  if (first + width >= whole.last) first_.reset();
}

void StepWindow::zoom(double at, double factor, std::int64_t steps) {
  const StepRange now = range(steps);
  const double width = std::max(now.width() * factor, kNarrowest);
  const double share = std::clamp((at - now.first) / now.width(), 0.0, 1.0);
  const double first = at - share * width;
  show({first, first + width}, steps);
}

void StepWindow::pan(double by, std::int64_t steps) {
  if (shows_all()) return;
  const StepRange now = range(steps);
  show({now.first + by, now.last + by}, steps);
}

void set_note(std::vector<run::StepNote>& notes, run::StepNote note) {
  std::erase_if(notes, [&](const run::StepNote& other) { return other.step == note.step; });
  if (note.text.empty()) return;
  const auto place = std::ranges::upper_bound(notes, note.step, {}, &run::StepNote::step);
  notes.insert(place, std::move(note));
}

std::string note_at(std::span<const run::StepNote> notes, std::int64_t step) {
  const auto found = std::ranges::find(notes, step, &run::StepNote::step);
  return found != notes.end() ? found->text : std::string();
}

}  // namespace sketchscope::view
