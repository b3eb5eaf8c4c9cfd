#include "engine/run/run_group.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::run {

void WatchedSlot::begin(std::unique_ptr<WatchedRun> next, std::uint64_t number) {
  run = std::move(next);
  applied_at.clear();
  trail.forget();
  log->start_run(number);
}

record::RecordPointer WatchedSlot::step(trace::Recorder* recorder) {
  record::RecordPointer record = publish(run->step());
  if (recorder != nullptr) trail.note(recorder->take(record->step));
  return record;
}

record::RecordPointer WatchedSlot::publish(record::StepRecord record) {
  for (const record::KnobChange& change : record.changes) applied_at[change.knob] = record.step;
  // A target changes the capacity by itself, so a person's next change starts from the present
  // value.
  if (wanted.target != settings::TargetKind::none)
    wanted.max_cache_size = run->lane().knobs().max_cache_size;
  auto published = std::make_shared<const record::StepRecord>(std::move(record));
  log->append(published);
  return published;
}

RunOptions replay_options(const WatchedRun& run, RunOptions base) {
  base.prompt = run.options().prompt;
  base.knobs = run.options().knobs;
  base.knob_schedule = run.knob_history();
  const std::span<const int> fed = run.lane().tokens();
  if (fed.size() > base.prompt.size()) {
    const auto generated = fed.subspan(base.prompt.size());
    base.forced.assign(generated.begin(), generated.end());
  }
  return base;
}

RunGroup::RunGroup(std::shared_ptr<const model::Model> model, std::span<record::RecordLog> logs,
                   const settings::Knobs& knobs)
    : model_(std::move(model)), logs_(logs) {
  slots_.push_back({.wanted = knobs, .log = &logs_.front()});
}

void RunGroup::keep_places(std::size_t count) {
  while (slots_.size() > count) {
    slots_.back().log->start_run(0);
    slots_.pop_back();
  }
}

void RunGroup::install(const std::vector<RunOptions>& options, std::uint64_t number) {
  // New runs are built before the old ones are released, so that a refused prompt has no effect.
  auto session = std::make_shared<decode::Session>(model_, options.front().threads);
  std::vector<std::unique_ptr<WatchedRun>> runs;
  for (const RunOptions& of_run : options) {
    runs.push_back(std::make_unique<WatchedRun>(session, of_run));
  }
  session_ = std::move(session);
  if (traces_) recorder_ = std::make_unique<trace::Recorder>(session_->threads());
  number_ = number;
  keep_places(runs.size());
  for (std::size_t place = 0; place < runs.size(); ++place) {
    if (place == slots_.size()) {
      slots_.push_back({.wanted = options[place].knobs, .log = &logs_[place]});
    }
    slots_[place].begin(std::move(runs[place]), number_);
  }
}

void RunGroup::begin(const std::vector<RunOptions>& options) {
  install(options, number_ + 1);
  for (std::size_t place = 0; place < options.size(); ++place) {
    slots_[place].wanted = options[place].knobs;
  }
}

void RunGroup::replay(const std::vector<RunOptions>& options) {
  install(options, number_);
}

void RunGroup::replay_front(RunOptions options) {
  // Compared runs need the present session. A single run gets a new one, which frees the old pages.
  if (others().empty()) return replay({std::move(options)});
  front().begin(std::make_unique<WatchedRun>(session_, std::move(options)), number_);
}

void RunGroup::compare(const RunOptions& options, ComparedTokens tokens) {
  end_compare();
  begin({options, options});
  tokens_ = tokens;
}

void RunGroup::end_compare() {
  keep_places(1);
}

void RunGroup::swap() {
  if (others().empty()) {
    throw core::UsageError({.what = "no run is compared", .remedy = "Begin with Compare"});
  }
  std::swap(slots_[0], slots_[1]);
  // Readers identify a log by its place, so the records are moved and the logs stay.
  std::swap(slots_[0].log, slots_[1].log);
  slots_[0].log->swap(*slots_[1].log);
}

void RunGroup::continue_from(std::int64_t step) {
  WatchedSlot& now = front();
  std::unique_ptr<WatchedRun> fork = now.run->fork_at(step + 1);
  fork->set_knobs(now.wanted);
  // Knobs that are commanded but not in force yet go to the run that continues from the past.
  WatchedSlot kept{
      .wanted = now.run->lane().knobs(), .applied_at = now.applied_at, .log = &logs_[1]};
  now.run->set_knobs(kept.wanted);
  kept.run = std::exchange(now.run, std::move(fork));
  kept.trail = now.trail;
  now.trail.forget_from(step + 1);
  std::erase_if(now.applied_at, [&](const auto& change) { return change.second > step; });
  keep_places(1);
  slots_.push_back(std::move(kept));
  tokens_ = ComparedTokens::own;
  slots_[0].log->continue_from(step + 1, ++number_, *slots_[1].log);
}

void RunGroup::catch_up() {
  for (WatchedSlot& slot : std::span(slots_).subspan(1)) {
    while (is_behind(slot)) slot.step(recorder_.get());
  }
}

record::RecordPointer RunGroup::step_front() {
  const auto others = std::span(slots_).subspan(1);
  const bool apart = apart_ && session_->model().on_device() == nullptr;
  const auto partner = std::ranges::find_if(others, [&](const WatchedSlot& slot) {
    return !apart && slot.fed() == front().fed() && front().run->can_step_with(*slot.run);
  });
  if (partner == others.end()) return front().step(recorder_.get());
  auto [own, other] = WatchedRun::step_together(*front().run, *partner->run);
  record::RecordPointer record = front().publish(std::move(own));
  const record::RecordPointer of_partner = partner->publish(std::move(other));
  if (recorder_) {
    // Both made the same pass, though it may be another step of each.
    trace::StepTrace both = recorder_->take(record->step);
    trace::StepTrace of_other = both;
    of_other.step = of_partner->step;
    front().trail.note(std::move(both));
    partner->trail.note(std::move(of_other));
  }
  return record;
}

void RunGroup::trace_steps(bool on) {
  traces_ = on;
  recorder_.reset();
  if (on && session_) recorder_ = std::make_unique<trace::Recorder>(session_->threads());
}

record::RecordPointer RunGroup::step() {
  const TracedSession traced(*session_, recorder_.get());
  catch_up();
  std::vector<WatchedRun*> at_front;
  for (const WatchedSlot& slot : others()) {
    if (slot.fed() == front().fed()) at_front.push_back(slot.run.get());
  }
  record::RecordPointer record = step_front();
  catch_up();
  const auto next = front().run->next_token();
  if (tokens_ == ComparedTokens::same && next) {
    for (WatchedRun* run : at_front) run->take_token(*next);
  }
  return record;
}

}  // namespace sketchscope::run
