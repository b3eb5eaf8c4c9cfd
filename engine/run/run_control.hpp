#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/model_directory.hpp"
#include "engine/record/record_log.hpp"
#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/pacing.hpp"
#include "engine/run/publish_times.hpp"
#include "engine/run/run_group.hpp"
#include "engine/run/run_lookup.hpp"
#include "engine/run/watched_branching.hpp"
#include "engine/run/worker.hpp"

namespace sketchscope {

/// What the worker's thread does, without the thread: carries out commands and makes steps when
/// they are due. Used by one thread at a time.
class RunControl {
 public:
  using Clock = Pacing::Clock;

  /// The first of `logs` gets the records of the run that is watched, each other log those of one
  /// run that is compared with it.
  RunControl(LoadedModel model, WorkerOptions options, std::span<RecordLog> logs);

  /// Begins the first run. Throws as WatchedRun does; the control then waits for a Restart.
  void start();
  /// Throws Error or UsageError; the run goes on as it was.
  void carry_out(const Command& command);

  /// When the next step is due; empty when none is.
  [[nodiscard]] std::optional<Clock::time_point> next_due() const;
  /// Makes one step and appends its record. Throws what the step threw, paused.
  void step();

  /// A copy of the state, layers included. What it takes to make one is in it, as that of the
  /// latest step if it is the first after that step.
  [[nodiscard]] LiveState live_state();
  [[nodiscard]] const std::string& prompt() const { return options_.prompt; }

 private:
  // What each command does; all may throw as carry_out().
  void on(const command::SetKnob& set);
  void on(const command::SetKnobs& set);
  void on(const command::Play&) { pacing_.play(); }
  void on(const command::Pause&) { pacing_.pause(); }
  void on(const command::Step& step) { pacing_.step(step.count); }
  void on(const command::RunUntil& run) { pacing_.run_until(run.breakpoint); }
  void on(const command::Restart& again);
  void on(const command::SetSpeed& speed) { pacing_.set_speed(speed.tokens_per_second); }
  void on(const command::SetTwin& twin);
  void on(const command::SetAudit& audit);
  void on(const command::RebuildExactly&);
  void on(const command::Branch&);
  void on(const command::EndBranching&) { branching_.reset(); }
  void on(const command::WatchPath& path);
  void on(const command::ForkPath& fork);
  void on(const command::Compare& beside);
  void on(const command::EndCompare&) { group_.end_compare(); }
  void on(const command::Swap&);
  void on(const command::LookAt& look) {
    lookup_.look_at(group_.front(), look.step, group_.number());
  }
  void on(const command::ContinueFrom& past);
  void on(const command::Trace& wanted) { lookup_.trace(group_.front(), wanted.position); }

  /// Options of a run from step 0 under these knobs, with what this control measures and keeps.
  [[nodiscard]] RunOptions run_options(const Knobs& knobs, std::vector<int> prompt) const;
  void continue_recording(const Recording& recording);
  /// Pauses where a continued run did not come out as it was recorded.
  void check_continued(const StepRecord& record);
  /// The same runs once more, each under its own knobs, as what is measured has changed.
  void replay_all();
  /// Another run is in front: nothing that was looked up, asked for or owed belongs to it. The
  /// first `catch_up_until` steps are made without a pause.
  void forget_former_run(std::int64_t catch_up_until = 0);
  /// Throws UsageError where no branching run is on.
  WatchedBranching& branching();
  /// Brings the run in front to where the watched path of the branching run stands.
  void follow_watched_path();

  [[nodiscard]] LiveState state_of(const WatchedSlot& slot) const;
  [[nodiscard]] LiveState describe() const;
  [[nodiscard]] RunPhase phase() const;
  [[nodiscard]] std::vector<std::string> all_warnings() const;

  LoadedModel model_;
  WorkerOptions options_;
  RunGroup group_;
  Pacing pacing_;
  std::unique_ptr<WatchedBranching> branching_;  ///< null: one sequence alone
  RunLookup lookup_;
  PublishTimes publish_times_;
};

}  // namespace sketchscope
