#include "engine/session/run_control.hpp"

#include <algorithm>

#include "engine/core/error.hpp"
#include "engine/session/degeneracy.hpp"
#include "engine/session/layer_states.hpp"
#include "engine/session/prompt.hpp"

namespace sketchscope {
namespace {

constexpr int kKeyframeInterval = 32;

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

RunControl::RunControl(LoadedModel model, WorkerOptions options, RecordLog& log)
    : model_(std::move(model)),
      options_(std::move(options)),
      log_(log),
      wanted_(options_.knobs),
      running_(options_.running) {}

void RunControl::start() {
  restart(options_.prompt);
}

RunOptions RunControl::run_options(std::vector<int> prompt) const {
  return {.knobs = wanted_,
          .prompt = std::move(prompt),
          .twin = options_.twin,
          .audit = options_.audit,
          .threads = options_.threads,
          .keyframe_interval = kKeyframeInterval};
}

void RunControl::begin(RunOptions options) {
  // Built beside the old run, so that a refused prompt leaves it as it was.
  run_ = std::make_unique<WatchedRun>(model_.model, std::move(options));
  applied_at_.clear();
  failed_ = false;
  steps_owed_ = 0;
  catch_up_until_ = 0;
  last_step_ = {};
}

void RunControl::restart(const std::string& prompt) {
  begin(run_options(prompt_tokens(model_, prompt)));
  options_.prompt = prompt;
  log_.start_run(++run_number_);
}

void RunControl::replay(const Knobs& first, std::map<std::int64_t, Knobs> schedule) {
  if (!run_) return;
  const std::int64_t steps = run_->steps();
  RunOptions options = run_options(run_->options().prompt);
  const std::span<const int> fed = run_->lane().tokens();
  if (fed.size() > options.prompt.size()) {
    const auto generated = fed.subspan(options.prompt.size());
    options.forced.assign(generated.begin(), generated.end());
  }
  options.knobs = first;
  options.knob_schedule = std::move(schedule);
  begin(std::move(options));
  catch_up_until_ = steps;
  log_.truncate(0);
}

void RunControl::carry_out(const Command& command) {
  std::visit(Overloaded{
                 [&](const command::SetKnob& set) {
                   Knobs knobs = wanted_;
                   set_knob(knobs, set.name, set.value);
                   check_knobs(knobs);
                   if (run_) run_->set_knobs(knobs);
                   wanted_ = knobs;
                 },
                 [&](const command::Play&) { running_ = true; },
                 [&](const command::Pause&) {
                   running_ = false;
                   steps_owed_ = 0;
                 },
                 [&](const command::Step& step) {
                   running_ = false;
                   steps_owed_ += std::max(step.count, 0);
                 },
                 [&](const command::Restart& again) {
                   restart(again.prompt.empty() ? options_.prompt : again.prompt);
                 },
                 [&](const command::SetSpeed& speed) {
                   options_.tokens_per_second = std::max(speed.tokens_per_second, 0.0);
                 },
                 [&](const command::SetTwin& twin) {
                   options_.twin = twin.on;
                   if (run_) replay(run_->options().knobs, run_->knob_history());
                 },
                 [&](const command::SetAudit& audit) {
                   options_.audit = audit.on;
                   if (run_) replay(run_->options().knobs, run_->knob_history());
                 },
                 [&](const command::RebuildExactly&) { replay(wanted_, {}); },
             },
             command);
}

std::optional<RunControl::Clock::time_point> RunControl::next_due() const {
  if (!run_ || failed_ || run_->at_context_end()) return std::nullopt;
  if (run_->steps() < catch_up_until_ || steps_owed_ > 0) return Clock::time_point{};
  if (!running_) return std::nullopt;
  if (options_.tokens_per_second <= 0 || run_->prompt_pending()) return Clock::time_point{};
  const std::chrono::duration<double> pause(1.0 / options_.tokens_per_second);
  return last_step_ + std::chrono::duration_cast<Clock::duration>(pause);
}

void RunControl::step() {
  last_step_ = Clock::now();
  try {
    auto record = std::make_shared<const StepRecord>(run_->step());
    for (const KnobChange& change : record->changes) applied_at_[change.knob] = record->step;
    log_.append(std::move(record));
    if (run_->steps() > catch_up_until_ && steps_owed_ > 0) --steps_owed_;
  } catch (...) {
    failed_ = true;
    running_ = false;
    throw;
  }
}

LiveState RunControl::live_state() const {
  LiveState state{.run = run_number_,
                  .applied = wanted_,
                  .wanted = wanted_,
                  .applied_at = applied_at_,
                  .twin = options_.twin,
                  .audit = options_.audit,
                  .speed = options_.tokens_per_second};
  if (!run_) {
    state.phase = RunPhase::failed;
    return state;
  }
  if (failed_)
    state.phase = RunPhase::failed;
  else if (run_->at_context_end())
    state.phase = RunPhase::at_context_end;
  else
    state.phase = next_due() ? RunPhase::running : RunPhase::paused;
  state.steps = run_->steps();
  state.applied = run_->lane().knobs();
  state.layers = layer_states(run_->lane());
  state.warnings = warnings(degeneracy_of(run_->lane()), state.applied);
  state.next_token = run_->next_token().value_or(-1);
  return state;
}

}  // namespace sketchscope
