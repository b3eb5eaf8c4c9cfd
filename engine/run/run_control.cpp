#include "engine/run/run_control.hpp"

#include <algorithm>
#include <utility>

#include "engine/branch/branch_state.hpp"
#include "engine/core/error.hpp"
#include "engine/decode/degeneracy.hpp"
#include "engine/model/prompt.hpp"
#include "engine/run/layer_states.hpp"

namespace sketchscope {
namespace {

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
          .keep_attention = true,
          .threads = options_.threads,
          .keyframe_interval = kKeyframeInterval};
}

void RunControl::begin(RunOptions options) {
  begin(std::make_shared<Session>(model_.model, options_.threads), std::move(options));
}

void RunControl::begin(std::shared_ptr<Session> session, RunOptions options) {
  // Built beside the old run, so that a refused prompt leaves it as it was.
  take_over(std::make_unique<WatchedRun>(session, std::move(options)));
  session_ = std::move(session);
}

void RunControl::take_over(std::unique_ptr<WatchedRun> run) {
  run_ = std::move(run);
  past_.reset();
  trace_.reset();
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
  // Beside another run, in its session, so that both go on in one forward pass.
  if (other_) {
    begin(session_, std::move(options));
  } else {
    begin(std::move(options));
  }
  catch_up_until_ = branching_ ? 0 : steps;
  log_.truncate(0);
  if (branching_) follow_watched_path();
}

void RunControl::replay_all() {
  if (!run_) return;
  replay(run_->options().knobs, run_->knob_history());
  if (other_) restart_other(replay_options(*other_->run));
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
  if (run_->steps() >= before) return;
  log_.truncate(run_->steps());
  past_.reset();
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
                 [&](const command::Compare& beside) { compare(beside.tokens); },
                 [&](const command::EndCompare&) { end_compare(); },
                 [&](const command::Swap&) { swap(); },
                 [&](const command::LookAt& look) { look_at(look.step); },
                 [&](const command::ContinueFrom& past) { continue_from(past.step); },
                 [&](const command::Trace& wanted) { trace(wanted.position); },
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
    const RecordPointer record = step_runs();
    check_continued(*record);
    if (run_->steps() > catch_up_until_) stop_at_breakpoint(*record);
    if (trace_ && run_->steps() % kKeyframeInterval == 0) trace(trace_->position);
    if (!branching_ && run_->steps() > catch_up_until_ && steps_owed_ > 0) --steps_owed_;
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
                  .speed = options_.tokens_per_second,
                  .until = until_,
                  .stopped = stopped_,
                  .other = other_state(),
                  .other_tokens = other_ ? other_->tokens : ComparedTokens::own,
                  .past = past_,
                  .trace = trace_};
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
  state.layers = layer_states(run_->lane(), run_->twin());
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
