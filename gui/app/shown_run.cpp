#include "gui/app/shown_run.hpp"

#include <utility>

#include "gui/view/step_axis.hpp"

namespace sketchscope {

void ShownRun::read(NoticeBoard& notices, bool opening) {
  const std::uint64_t run = history_.run();
  // An empty history belongs to a run that is about to begin.
  const bool all_done = source_.idle() && !opening && !history_.empty();
  history_.update(source_.log());
  if (const RecordLog* other = source_.other_log()) other_history_.update(*other);
  state_ = source_.state();
  if (state_->stopped != told_stop_ && !state_->stopped.empty()) {
    notices.add(Notice::Kind::information, "Stopped: " + state_->stopped);
  }
  told_stop_ = state_->stopped;
  notices.add(source_.take_notices());
  if (history_.run() != run) {
    // The selection belonged to the former run.
    selection_ =
        Selection{.layer = selection_.layer, .divergence_scale = selection_.divergence_scale};
    warned_.clear();
    notes_ = notes_to_keep_ ? *std::exchange(notes_to_keep_, std::nullopt) : source_.notes();
  }
  // If the new run was refused, no notes are carried over.
  if (all_done) notes_to_keep_.reset();
  for (const std::string& warning : state_->warnings) {
    if (warned_.insert(warning).second) notices.add(Notice::Kind::information, warning);
  }
  selection_.hover = std::exchange(selection_.next_hover, Hover{});
}

void ShownRun::forget() {
  history_.clear();
  other_history_.clear();
  selection_ = Selection{.divergence_scale = selection_.divergence_scale};
  told_stop_.clear();
  state_ = source_.state();
}

void ShownRun::write_note(const StepNote& note) {
  set_note(notes_, note);
}

void ShownRun::keep_notes(std::optional<std::int64_t> last) {
  notes_to_keep_ = notes_;
  if (!last) return;
  std::erase_if(*notes_to_keep_, [&](const StepNote& note) { return note.step > *last; });
}

}  // namespace sketchscope
