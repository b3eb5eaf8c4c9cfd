#include "engine/run/watched_slot.hpp"

#include <span>
#include <utility>

namespace sketchscope {

void WatchedSlot::begin(std::unique_ptr<WatchedRun> next, std::uint64_t number) {
  run = std::move(next);
  applied_at.clear();
  log->start_run(number);
}

RecordPointer WatchedSlot::step() {
  return publish(run->step());
}

RecordPointer WatchedSlot::publish(StepRecord record) {
  for (const KnobChange& change : record.changes) applied_at[change.knob] = record.step;
  // A target changes the capacity by itself, so a person's next change starts from the present
  // value.
  if (wanted.target != TargetKind::none) wanted.max_cache_size = run->lane().knobs().max_cache_size;
  auto published = std::make_shared<const StepRecord>(std::move(record));
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

}  // namespace sketchscope
