#include "engine/session/run_control.hpp"

#include <algorithm>
#include <utility>

#include "engine/branch/branch_state.hpp"
#include "engine/core/error.hpp"
#include "engine/session/degeneracy.hpp"
#include "engine/session/layer_states.hpp"
#include "engine/session/prompt.hpp"

namespace sketchscope {
namespace {

constexpr int kKeyframeInterval = 32;
constexpr int kBranchTokens = 60;  // of a path; more do not fit beside each other on a screen

/// Of the paths that were not pruned the one with most tokens in common; of these the likeliest.
int nearest_relative(const BranchRun& run, int path) {
  const std::vector<int> nodes = run.tree().nodes_of(path);
  int nearest = path;
  std::ptrdiff_t most = -1;
  for (const int other : run.paths_by_probability()) {
    const std::vector<int> others = run.tree().nodes_of(other);
    const auto common = std::ranges::mismatch(nodes, others).in1 - nodes.begin();
    if (common <= most) continue;
    most = common;
    nearest = other;
  }
  return nearest;
}

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

RunControl::RunControl(LoadedModel model, WorkerOptions options, RecordLog& log,
                       RecordLog& other_log)
    : model_(std::move(model)),
      options_(std::move(options)),
      log_(log),
      other_log_(other_log),
      wanted_(options_.knobs),
      running_(options_.running) {}

void RunControl::start() {
  if (!options_.continued) return restart(options_.prompt);
  continue_recording(*options_.continued);
}

void RunControl::continue_recording(const Recording& recording) {
  std::vector<int> prompt = prompt_tokens(model_, options_.prompt);
  // One that was streamed may have been saved before all of it was in.
  const bool begins = std::ranges::mismatch(recording.prompt, prompt).in1 == recording.prompt.end();
  RunOptions options = run_options(begins ? std::move(prompt) : recording.prompt);
  options.knobs = recording.knobs;
  options.forced = recording.generated;
  options.knob_schedule = recording.schedule;
  begin(std::move(options));
  catch_up_until_ = recording.steps;
  log_.start_run(++run_number_);
}

void RunControl::check_continued(const StepRecord& record) {
  if (!options_.continued || run_number_ != 1) return;
  const Recording& recording = *options_.continued;
  if (record.step + 1 != recording.steps || record.entropy == recording.last_entropy) return;
  running_ = false;
  steps_owed_ = 0;
  stopped_ = "the model has other weights than that of the saved run, or another processor";
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
  until_.reset();
  stopped_.clear();
  last_step_ = {};
}

void RunControl::restart(const std::string& prompt) {
  branching_.reset();
  begin(run_options(prompt_tokens(model_, prompt)));
  options_.prompt = prompt;
  log_.start_run(++run_number_);
  if (!other_) return;
  RunOptions other = run_options(run_->options().prompt);
  other.knobs = other_->wanted;
  restart_other(std::move(other));
}

void RunControl::restart_other(RunOptions options) {
  other_->run = std::make_unique<WatchedRun>(model_.model, std::move(options));
  other_->applied_at.clear();
  other_log_.start_run(run_number_);
}

void RunControl::compare() {
  if (!run_) return;
  branching_.reset();
  const std::vector<int> prompt = run_->options().prompt;
  begin(run_options(prompt));
  log_.start_run(++run_number_);
  other_ = OtherRun{.run = nullptr, .wanted = wanted_, .applied_at = {}};
  restart_other(run_options(prompt));
}

void RunControl::end_compare() {
  other_.reset();
  other_log_.start_run(0);
}

void RunControl::swap() {
  if (!other_) {
    throw UsageError({.what = "no run is compared", .remedy = "Begin with Compare"});
  }
  std::swap(run_, other_->run);
  std::swap(wanted_, other_->wanted);
  std::swap(applied_at_, other_->applied_at);
  log_.swap(other_log_);
}

void RunControl::step_other() {
  if (!other_) return;
  WatchedRun& other = *other_->run;
  // Not step by step: one of them may have taken the prompt in one pass.
  while (other.lane().tokens().size() < run_->lane().tokens().size()) {
    auto record = std::make_shared<const StepRecord>(other.step());
    for (const KnobChange& change : record->changes) {
      other_->applied_at[change.knob] = record->step;
    }
    other_log_.append(std::move(record));
    if (other_->wanted.target != "none") {
      other_->wanted.max_cache_size = other.lane().knobs().max_cache_size;
    }
  }
}

void RunControl::stop_at_breakpoint(const StepRecord& record) {
  if (!until_) return;
  const auto reason = stop_reason(*until_, record);
  if (!reason) return;
  stopped_ = *reason;
  until_.reset();
  running_ = false;
}

RunOptions RunControl::replay_options(const WatchedRun& run) const {
  RunOptions options = run_options(run.options().prompt);
  options.knobs = run.options().knobs;
  options.knob_schedule = run.knob_history();
  const std::span<const int> fed = run.lane().tokens();
  if (fed.size() > options.prompt.size()) {
    const auto generated = fed.subspan(options.prompt.size());
    options.forced.assign(generated.begin(), generated.end());
  }
  return options;
}

void RunControl::replay(const Knobs& first, std::map<std::int64_t, Knobs> schedule) {
  if (!run_) return;
  const std::int64_t steps = run_->steps();
  RunOptions options = replay_options(*run_);
  options.knobs = first;
  options.knob_schedule = std::move(schedule);
  begin(std::move(options));
  catch_up_until_ = branching_ ? 0 : steps;
  log_.truncate(0);
  if (branching_) follow_watched_path();
}

void RunControl::replay_all() {
  if (!run_) return;
  if (other_) restart_other(replay_options(*other_->run));
  replay(run_->options().knobs, run_->knob_history());
}

BranchRun& RunControl::branching() {
  if (branching_) return *branching_;
  throw UsageError({.what = "no branching run is on", .remedy = "Begin one with Branch"});
}

void RunControl::start_branching() {
  if (!run_) return;
  end_compare();
  const std::vector<int>& prompt = run_->options().prompt;
  auto branching =
      std::make_unique<BranchRun>(model_.model, BranchOptions{.knobs = wanted_,
                                                              .prompt = prompt,
                                                              .max_new_tokens = kBranchTokens,
                                                              .keep_prompt = true,
                                                              .threads = options_.threads});
  begin(run_options(prompt));
  branching_ = std::move(branching);
  watched_path_ = 0;
  running_ = true;
  log_.start_run(++run_number_);
}

void RunControl::watch(int path) {
  const auto count = static_cast<int>(branching().tree().paths().size());
  if (path < 0 || path >= count) {
    throw UsageError({.what = "path to watch",
                      .found = std::to_string(path),
                      .expected = "0 to " + std::to_string(count - 1)});
  }
  watched_path_ = path;
  follow_watched_path();
}

void RunControl::follow_watched_path() {
  if (branching_->tree().path(watched_path_).state == PathState::pruned) {
    watched_path_ = nearest_relative(*branching_, watched_path_);
  }
  const std::int64_t before = run_->steps();
  run_->follow(branching_->tree().tokens_of(watched_path_));
  if (run_->steps() < before) log_.truncate(run_->steps());
}

void RunControl::want(const Knobs& knobs) {
  check_knobs(knobs);
  if (branching_) branching_->set_knobs(knobs);
  if (run_) run_->set_knobs(knobs);
  wanted_ = knobs;
}

void RunControl::carry_out(const Command& command) {
  std::visit(Overloaded{
                 [&](const command::SetKnob& set) {
                   Knobs knobs = wanted_;
                   set_knob(knobs, set.name, set.value);
                   want(knobs);
                 },
                 [&](const command::SetKnobs& set) { want(set.knobs); },
                 [&](const command::Play&) {
                   running_ = true;
                   stopped_.clear();
                 },
                 [&](const command::Pause&) {
                   running_ = false;
                   until_.reset();
                   steps_owed_ = 0;
                 },
                 [&](const command::RunUntil& run) {
                   until_ = run.breakpoint;
                   stopped_.clear();
                   running_ = true;
                 },
                 [&](const command::Compare&) { compare(); },
                 [&](const command::EndCompare&) { end_compare(); },
                 [&](const command::Swap&) { swap(); },
                 [&](const command::Step& step) {
                   running_ = false;
                   until_.reset();
                   stopped_.clear();
                   steps_owed_ += std::max(step.count, 0);
                 },
                 [&](const command::Restart& again) {
                   restart(again.prompt.empty() ? options_.prompt : again.prompt);
                 },
                 [&](const command::SetSpeed& speed) {
                   options_.tokens_per_second = std::max(speed.tokens_per_second, 0.0);
                 },
                 [&](const command::SetTwin& twin) {
                   check_target(wanted_, options_.audit, twin.on);
                   options_.twin = twin.on;
                   replay_all();
                 },
                 [&](const command::SetAudit& audit) {
                   check_target(wanted_, audit.on, options_.twin);
                   options_.audit = audit.on;
                   replay_all();
                 },
                 [&](const command::RebuildExactly&) { replay(wanted_, {}); },
                 [&](const command::Branch&) { start_branching(); },
                 [&](const command::EndBranching&) { branching_.reset(); },
                 [&](const command::WatchPath& path) { watch(path.path); },
                 [&](const command::ForkPath& fork) {
                   watch(branching().fork_by_hand(fork.path, fork.index, fork.token));
                 },
             },
             command);
}

bool RunControl::is_over() const {
  if (!run_ || failed_) return true;
  return branching_ ? branching_->finished() && !run_->is_behind() : run_->at_context_end();
}

std::optional<RunControl::Clock::time_point> RunControl::next_due() const {
  if (is_over()) return std::nullopt;
  const bool catches_up = branching_ ? run_->is_behind() : run_->steps() < catch_up_until_;
  if (catches_up || steps_owed_ > 0) return Clock::time_point{};
  if (!running_) return std::nullopt;
  if (options_.tokens_per_second <= 0 || run_->prompt_pending()) return Clock::time_point{};
  const std::chrono::duration<double> pause(1.0 / options_.tokens_per_second);
  return last_step_ + std::chrono::duration_cast<Clock::duration>(pause);
}

void RunControl::step() {
  last_step_ = Clock::now();
  try {
    if (branching_ && !run_->is_behind()) {
      branching_->step();
      follow_watched_path();
      if (steps_owed_ > 0) --steps_owed_;
      return;
    }
    auto record = std::make_shared<const StepRecord>(run_->step());
    for (const KnobChange& change : record->changes) applied_at_[change.knob] = record->step;
    // A target moves the capacity by itself: from there a hand goes on.
    if (wanted_.target != "none") wanted_.max_cache_size = run_->lane().knobs().max_cache_size;
    log_.append(record);
    check_continued(*record);
    if (run_->steps() > catch_up_until_) stop_at_breakpoint(*record);
    step_other();
    if (!branching_ && run_->steps() > catch_up_until_ && steps_owed_ > 0) --steps_owed_;
  } catch (...) {
    failed_ = true;
    running_ = false;
    throw;
  }
}

std::shared_ptr<const LiveState> RunControl::other_state() const {
  if (!other_) return nullptr;
  return std::make_shared<const LiveState>(LiveState{.phase = RunPhase::paused,
                                                     .run = run_number_,
                                                     .steps = other_->run->steps(),
                                                     .applied = other_->run->lane().knobs(),
                                                     .wanted = other_->wanted,
                                                     .applied_at = other_->applied_at,
                                                     .twin = options_.twin,
                                                     .audit = options_.audit,
                                                     .speed = options_.tokens_per_second});
}

LiveState RunControl::live_state() const {
  LiveState state{.run = run_number_,
                  .applied = wanted_,
                  .wanted = wanted_,
                  .applied_at = applied_at_,
                  .twin = options_.twin,
                  .audit = options_.audit,
                  .speed = options_.tokens_per_second,
                  .until = until_,
                  .stopped = stopped_,
                  .other = other_state()};
  if (!run_) {
    state.phase = RunPhase::failed;
    return state;
  }
  if (failed_)
    state.phase = RunPhase::failed;
  else if (!branching_ && run_->at_context_end())
    state.phase = RunPhase::at_context_end;
  else
    state.phase = next_due() ? RunPhase::running : RunPhase::paused;
  state.steps = run_->steps();
  state.applied = run_->lane().knobs();
  state.layers = layer_states(run_->lane());
  state.warnings = warnings(degeneracy_of(run_->lane()), state.applied);
  if (other_) {
    const auto alike = comparison_warnings(run_->lane(), other_->run->lane());
    state.warnings.insert(state.warnings.end(), alike.begin(), alike.end());
  }
  state.next_token = run_->next_token().value_or(-1);
  if (branching_) {
    BranchState branching = state_of(*branching_);
    branching.watched = watched_path_;
    state.branching = std::make_shared<const BranchState>(std::move(branching));
  }
  return state;
}

}  // namespace sketchscope
