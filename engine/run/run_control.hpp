#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/branch/branch_run.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/record/record_log.hpp"
#include "engine/run/attention_trail.hpp"
#include "engine/run/command.hpp"
#include "engine/run/given_text.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/pacing.hpp"
#include "engine/run/run_group.hpp"
#include "engine/run/run_lookup.hpp"
#include "engine/run/worker.hpp"

namespace sketchscope::run {

/// Records the time that publishing a run's state takes, by step.
class PublishTimes {
 public:
  /// Notes that the state after `steps` steps of run `run` was published. Only the first
  /// publication after a step counts as its cost; repeated requests while the run is paused do not.
  void note(std::uint64_t run, std::int64_t steps, double milliseconds) {
    const auto made = static_cast<std::size_t>(steps);
    if (std::exchange(run_, run) != run) by_step_.clear();
    if (made > by_step_.size()) {
      by_step_.resize(made);
      by_step_.back() = milliseconds;
    } else {
      by_step_.resize(made);  // the run was rewound
    }
  }

  /// Returns a copy: milliseconds by step, 0 where no state was published.
  [[nodiscard]] std::shared_ptr<const std::vector<double>> by_step() const {
    return std::make_shared<const std::vector<double>>(by_step_);
  }

 private:
  std::uint64_t run_ = 0;
  std::vector<double> by_step_;
};

/// A branching run with one watched path. A separate WatchedRun is fed that path's tokens.
class WatchedBranching {
 public:
  /// Throws UsageError on options that contradict each other.
  WatchedBranching(std::shared_ptr<const model::Model> model, branch::BranchOptions options)
      : run_(std::move(model), std::move(options)) {}

  /// Watches another path. Throws UsageError if there is no such path.
  void watch(int path);
  [[nodiscard]] branch::BranchRun& run() { return run_; }

  /// Returns the tokens of the watched path after the prompt. If the path was pruned, first
  /// switches to its nearest relative.
  [[nodiscard]] std::vector<int> tokens_to_follow();
  [[nodiscard]] std::shared_ptr<const branch::BranchState> state() const;

 private:
  branch::BranchRun run_;
  int watched_ = 0;
};

/// The worker's logic without its thread: carries out commands and makes steps when they are due.
/// Not thread-safe.
class RunControl {
 public:
  using Clock = Pacing::Clock;

  /// The first of `logs` receives the records of the watched run, each other log those of one run
  /// that is compared with it.
  RunControl(model::LoadedModel model, WorkerOptions options, std::span<record::RecordLog> logs);

  /// Begins the first run. Throws as WatchedRun does; the control then waits for a Restart.
  void start();
  /// Carries out a command. Throws Error or UsageError, and then leaves the run as it was.
  void carry_out(const Command& command);

  /// Returns when the next step, or other work, is due; empty if nothing is.
  [[nodiscard]] std::optional<Clock::time_point> next_due() const;
  /// Returns whether something was asked for that is not known yet.
  [[nodiscard]] bool has_work() const { return lookup_.has_work(); }
  /// Works on what was asked for, if anything was. Makes one step, if it is due, and appends its
  /// record. On an exception from the step, pauses and rethrows it.
  void step();

  /// Returns a copy of the state with its layers. The time this takes is recorded in it as the
  /// latest step's publish time, unless that step has one already.
  [[nodiscard]] LiveState live_state();
  [[nodiscard]] const std::string& prompt() const { return options_.prompt; }

 private:
  // The handlers of commands, which throw as carry_out() does.
  void on(const command::SetKnob& set);
  void on(const command::SetKnobs& set);
  void on(const command::Play&) { pacing_.play(); }
  void on(const command::Pause&) { pacing_.pause(); }
  void on(const command::Step& step) { pacing_.step(step.count); }
  void on(const command::RunUntil& run) { pacing_.run_until(run.breakpoint); }
  void on(const command::Restart& again);
  void on(const command::SetSpeed& speed) { pacing_.set_speed(speed.tokens_per_second); }
  void on(const command::SetTwin& twin) { measure(twin.on, options_.audit); }
  void on(const command::SetAudit& audit) { measure(options_.twin, audit.on); }
  void on(const command::RebuildExactly&);
  void on(const command::Branch&);
  void on(const command::EndBranching&) { branching_.reset(); }
  void on(const command::WatchPath& path);
  void on(const command::ForkPath& fork);
  void on(const command::Compare& compare);
  void on(const command::EndCompare&) { group_.end_compare(); }
  void on(const command::AddRun& add);
  void on(const command::RemoveRun& remove) { group_.remove(remove.place); }
  void on(const command::Swap& swap);
  void on(const command::LookAt& look) { lookup_.look_at(group_, look.step); }
  void on(const command::ShowSketches& show) { lookup_.show_sketches(group_, show.on); }
  void on(const command::ContinueFrom& past);
  void on(const command::Feed& feed);
  void on(const command::Resume& resume);
  void on(const command::Trace& wanted) { lookup_.trace(group_.front(), wanted.position); }
  void on(const command::StepApart& apart) { group_.step_apart(apart.on); }
  void on(const command::MeasureMachine&) {
    if (machine_) return;
    machine_ =
        std::make_shared<const trace::MachineSpeed>(trace::quick_machine_speed(options_.threads));
  }
  void on(const command::AskCost& of) { lookup_.ask_cost(group_.front(), of); }

  /// Replays a recording in place of all runs.
  void continue_recording(const Recording& recording);
  /// Changes what is measured, and replays all runs under their own knobs.
  void measure(bool twin, bool audit);
  /// Drops lookups, requests and pacing of the former run in front. The new run's first
  /// `catch_up_until` steps are replayed without pause.
  void forget_former_run(std::int64_t catch_up_until = 0);
  /// Returns why the run pauses after a step: at the end of a text that was given, or where the
  /// replay of a recorded run differs from its recording.
  [[nodiscard]] std::optional<std::string> reason_to_stop(const record::StepRecord& record,
                                                          bool is_new) const;
  /// Returns the branching run. Throws UsageError if there is none.
  WatchedBranching& branching();
  /// Advances the run in front to the end of the watched path of the branching run.
  void follow_watched_path();

  [[nodiscard]] RunPhase phase() const;
  /// Returns when the run's next step is due; empty if none is.
  [[nodiscard]] std::optional<Clock::time_point> step_due() const;
  void step_run();

  model::LoadedModel model_;
  WorkerOptions options_;
  GivenText text_;
  std::uint64_t continued_run_ = 0;  ///< number of the run that replays options_.continued
  RunGroup group_;
  Pacing pacing_;
  std::unique_ptr<WatchedBranching> branching_;  ///< null if not branching
  RunLookup lookup_;
  AttentionTrail attention_;
  PublishTimes publish_times_;
  std::shared_ptr<const trace::MachineSpeed> machine_;  ///< null until it was measured
};

}  // namespace sketchscope::run
