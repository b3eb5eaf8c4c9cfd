#include "gui/app/shown_run.hpp"

#include <utility>

#include "gui/view/step_axis.hpp"

namespace sketchscope::app {

void ShownRun::read(NoticeBoard& notices, bool opening) {
  const std::uint64_t run = history_.run();
  // An empty history belongs to a run that is about to begin.
  const bool all_done = source_.idle() && !opening && !history_.empty();
  history_.update(source_.log());
  for (std::size_t place = 1; place < run::kMostRuns; ++place) {
    const record::RecordLog* log = source_.compared_log(place);
    if (log != nullptr) compared_.at(place - 1).update(*log);
  }
  state_ = source_.state();
  if (state_->stopped != reported_stop_ && !state_->stopped.empty()) {
    notices.add_information("Stopped: " + state_->stopped);
  }
  reported_stop_ = state_->stopped;
  notices.add(source_.take_notices());
  if (history_.run() != run) {
    // The selection belonged to the former run.
    selection_ = widgets::Selection{.layer = selection_.layer,
                                    .divergence_scale = selection_.divergence_scale};
    warned_.clear();
    notes_ = notes_to_keep_ ? *std::exchange(notes_to_keep_, std::nullopt) : source_.notes();
  }
  // If the new run was refused, no notes are carried over.
  if (all_done) notes_to_keep_.reset();
  // The log may be ahead of the state, which then still warns about the former run.
  const bool of_this_run = state_->run == history_.run();
  for (const std::string& warning : of_this_run ? state_->warnings : std::vector<std::string>()) {
    if (warned_.insert(warning).second) notices.add_information(warning);
  }
  selection_.hover = std::exchange(selection_.next_hover, widgets::Hover{});
}

void ShownRun::forget() {
  history_.clear();
  for (view::History& compared : compared_) compared.clear();
  selection_ = widgets::Selection{.divergence_scale = selection_.divergence_scale};
  reported_stop_.clear();
  state_ = source_.state();
}

void ShownRun::keep_notes(std::optional<std::int64_t> last) {
  notes_to_keep_ = notes_;
  if (!last) return;
  std::erase_if(*notes_to_keep_, [&](const run::StepNote& note) { return note.step > *last; });
}

namespace {

/// Replaces the layers of the run of the same place by those of an earlier step.
void take_layers_of(const run::LiveState& then,
                    std::vector<std::shared_ptr<const run::LiveState>>& others) {
  for (auto& other : others) {
    if (other->place != then.place) continue;
    auto earlier = std::make_shared<run::LiveState>(*other);
    earlier->layers = then.layers;
    earlier->steps = then.steps;
    other = std::move(earlier);
  }
}

}  // namespace

void PastState::ask(const ShownRun& run, bool shows_sketches, const panels::CommandSink& send) {
  const run::LiveState& state = run.state();
  const widgets::Selection& selection = run.selection();
  if (state.phase == run::RunPhase::saved) return;
  if (asked_generation_ != run.history().generation()) {
    // The run or its past was replaced, so the engine has dropped the requests.
    asked_generation_ = run.history().generation();
    asked_step_.reset();
    asked_position_.reset();
  }
  // A session without a second run begins without sketches of it, so the request ends with the run.
  const bool sketches = shows_sketches && state.other() != nullptr;
  if (sketches != asked_sketches_) send(run::command::ShowSketches{sketches}, "sketches");
  asked_sketches_ = sketches;

  auto step = selection.step(run.steps());
  // While the run advances, only a locked step is requested, not every hovered one.
  const bool settled = state.phase != run::RunPhase::running || step == selection.locked_step;
  if (!step || *step + 1 >= run.steps() || !settled) step.reset();
  if (step != asked_step_) send(run::command::LookAt{step}, "look");
  asked_step_ = step;

  std::optional<int> position = selection.locked_position;
  if (selection.eviction) position = selection.eviction->position;
  if (position != asked_position_) send(run::command::Trace{position}, "trace");
  asked_position_ = position;
}

const run::LiveState& PastState::shown_state(const ShownRun& run) {
  const auto step = run.selection().step(run.steps());
  const std::shared_ptr<const run::LiveState>& latest = run.state_pointer();
  if (!latest->past || !step || latest->past->steps != *step + 1) return *latest;
  if (shown_of_ != latest) {
    shown_of_ = latest;
    shown_ = *latest;
    shown_.layers = latest->past->layers;
    shown_.steps = latest->past->steps;
    shown_.next_token = latest->past->next_token;
    shown_.later = latest;
    if (const run::LiveState* then = latest->past->other()) take_layers_of(*then, shown_.others);
  }
  return shown_;
}

}  // namespace sketchscope::app
