#include "engine/run/run_group.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope::run {
namespace {

/// Makes the next step of each slot's run in one forward pass, and publishes the records. Returns
/// that of the first. `recorder` may be null.
record::RecordPointer step_together(std::span<WatchedSlot* const> slots,
                                    trace::Recorder* recorder) {
  std::vector<WatchedRun*> runs;
  for (const WatchedSlot* slot : slots) runs.push_back(slot->run.get());
  std::vector<record::StepRecord> records = WatchedRun::step_together(runs);
  std::vector<record::RecordPointer> published;
  for (std::size_t index = 0; index < slots.size(); ++index) {
    published.push_back(slots[index]->publish(std::move(records[index])));
  }
  if (recorder != nullptr) {
    // All runs made the same pass, though it may be another step of each.
    trace::StepTrace pass = recorder->take(published.front()->step);
    for (std::size_t index = 0; index < slots.size(); ++index) {
      pass.step = published[index]->step;
      slots[index]->trail.note(pass);
    }
  }
  return published.front();
}

}  // namespace

void WatchedSlot::begin(std::unique_ptr<WatchedRun> next, std::uint64_t number) {
  run = std::move(next);
  applied_at.clear();
  trail.forget();
  log->start_run(number);
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

std::size_t RunGroup::free_place() const {
  // The slots are in the order of their places, so the first gap is the first free place.
  std::size_t place = 0;
  while (place < slots_.size() && slots_[place].place == place) ++place;
  return place;
}

std::size_t RunGroup::compared_at(std::size_t place) const {
  const auto found = std::ranges::find(slots_, place, &WatchedSlot::place);
  if (place != 0 && found != slots_.end()) {
    return static_cast<std::size_t>(found - slots_.begin());
  }
  throw core::UsageError({.what = "no run is compared at place " + std::to_string(place),
                          .remedy = "Begin with Compare, or add a run"});
}

void RunGroup::keep_slots(std::size_t count) {
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
  keep_slots(runs.size());
  for (std::size_t index = 0; index < runs.size(); ++index) {
    if (index == slots_.size()) {
      const std::size_t place = free_place();
      slots_.push_back({.place = place, .wanted = options[index].knobs, .log = &logs_[place]});
    }
    slots_[index].begin(std::move(runs[index]), number_);
  }
}

void RunGroup::begin(const std::vector<RunOptions>& options) {
  install(options, number_ + 1);
  for (std::size_t index = 0; index < options.size(); ++index) {
    slots_[index].wanted = options[index].knobs;
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

void RunGroup::add(RunOptions options) {
  const std::size_t place = free_place();
  if (place >= logs_.size()) {
    throw core::UsageError({.what = "runs side by side",
                            .found = std::to_string(slots_.size() + 1),
                            .expected = "at most " + std::to_string(logs_.size()),
                            .remedy = "Remove one first"});
  }
  if (others().empty()) tokens_ = ComparedTokens::same;
  if (tokens_ == ComparedTokens::same) {
    options.forced = replay_options(*front().run, {}).forced;
    if (const auto next = front().run->next_token()) options.forced.push_back(*next);
  }
  WatchedSlot slot{.place = place, .wanted = options.knobs, .log = &logs_[place]};
  slot.begin(std::make_unique<WatchedRun>(session_, std::move(options)), number_);
  slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(place), std::move(slot));
}

void RunGroup::remove(std::size_t place) {
  const std::size_t index = compared_at(place);
  slots_[index].log->start_run(0);
  slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(index));
}

void RunGroup::end_compare() {
  keep_slots(1);
}

void RunGroup::swap(std::size_t place) {
  WatchedSlot& other = slots_[compared_at(place)];
  std::swap(front(), other);
  // Readers identify a log by its place, so the records are moved and the logs stay.
  std::swap(front().place, other.place);
  std::swap(front().log, other.log);
  front().log->swap(*other.log);
}

void RunGroup::continue_from(std::int64_t step) {
  WatchedSlot& now = front();
  std::unique_ptr<WatchedRun> fork = now.run->fork_at(step + 1);
  fork->set_knobs(now.wanted);
  // Knobs that are commanded but not in force yet go to the run that continues from the past.
  WatchedSlot kept{.place = 1,
                   .wanted = now.run->lane().knobs(),
                   .applied_at = now.applied_at,
                   .log = &logs_[1]};
  now.run->set_knobs(kept.wanted);
  kept.run = std::exchange(now.run, std::move(fork));
  kept.trail = now.trail;
  now.trail.forget_from(step + 1);
  std::erase_if(now.applied_at, [&](const auto& change) { return change.second > step; });
  keep_slots(1);
  slots_.push_back(std::move(kept));
  tokens_ = ComparedTokens::own;
  slots_[0].log->continue_from(step + 1, ++number_, *slots_[1].log);
}

bool RunGroup::any_behind() const {
  return started() &&
         std::ranges::any_of(others(), [&](const WatchedSlot& slot) { return is_behind(slot); });
}

bool RunGroup::step_behind() {
  const TracedSession traced(*session_, recorder_.get());
  return advance_behind();
}

bool RunGroup::can_share(const WatchedSlot& one, const WatchedSlot& other) const {
  const bool apart = apart_ && session_->model().on_device() == nullptr;
  return !apart && one.run->can_step_with(*other.run);
}

bool RunGroup::advance_behind() {
  std::vector<WatchedSlot*> chosen;
  for (WatchedSlot& slot : std::span(slots_).subspan(1)) {
    if (!is_behind(slot)) continue;
    if (chosen.empty() || can_share(*chosen.front(), slot)) chosen.push_back(&slot);
  }
  if (chosen.empty()) return false;
  step_together(chosen, recorder_.get());
  return true;
}

record::RecordPointer RunGroup::step_front() {
  std::vector<WatchedSlot*> chosen = {&front()};
  for (WatchedSlot& slot : std::span(slots_).subspan(1)) {
    if (slot.fed() == front().fed() && can_share(front(), slot)) chosen.push_back(&slot);
  }
  return step_together(chosen, recorder_.get());
}

void RunGroup::trace_steps(bool on) {
  traces_ = on;
  recorder_.reset();
  if (on && session_) recorder_ = std::make_unique<trace::Recorder>(session_->threads());
}

record::RecordPointer RunGroup::step() {
  const TracedSession traced(*session_, recorder_.get());
  while (advance_behind()) {
  }
  std::vector<WatchedRun*> at_front;
  for (const WatchedSlot& slot : others()) {
    if (slot.fed() == front().fed()) at_front.push_back(slot.run.get());
  }
  record::RecordPointer record = step_front();
  while (advance_behind()) {
  }
  const auto next = front().run->next_token();
  if (tokens_ == ComparedTokens::same && next) {
    for (WatchedRun* run : at_front) run->take_token(*next);
  }
  return record;
}

}  // namespace sketchscope::run
