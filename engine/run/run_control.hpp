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

/// The worker's logic without its thread: carries out commands and makes steps when they are due.
/// Not thread-safe.
class RunControl {
 public:
  using Clock = Pacing::Clock;

  /// The first of `logs` receives the records of the watched run, each other log those of one run
  /// that is compared with it.
  RunControl(LoadedModel model, WorkerOptions options, std::span<RecordLog> logs);

  /// Begins the first run. Throws as WatchedRun does; the control then waits for a Restart.
  void start();
  /// Carries out a command. Throws Error or UsageError, and then leaves the run as it was.
  void carry_out(const Command& command);

  /// Returns when the next step is due; empty if none is.
  [[nodiscard]] std::optional<Clock::time_point> next_due() const;
  /// Makes one step and appends its record. On an exception from the step, pauses and rethrows it.
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

  /// Returns the options of a run from step 0 under these knobs, with this control's measurements.
  [[nodiscard]] RunOptions run_options(const Knobs& knobs, std::vector<int> prompt) const;
  void continue_recording(const Recording& recording);
  /// Pauses if the replay of a recorded run differs from its recording.
  void check_continued(const StepRecord& record);
  /// Replays all runs under their own knobs, after a change of what is measured.
  void replay_all();
  /// Drops lookups, requests and pacing of the former run in front. The new run's first
  /// `catch_up_until` steps are replayed without pause.
  void forget_former_run(std::int64_t catch_up_until = 0);
  /// Returns the branching run. Throws UsageError if there is none.
  WatchedBranching& branching();
  /// Advances the run in front to the end of the watched path of the branching run.
  void follow_watched_path();

  [[nodiscard]] LiveState state_of(const WatchedSlot& slot) const;
  [[nodiscard]] LiveState describe() const;
  [[nodiscard]] RunPhase phase() const;
  [[nodiscard]] std::vector<std::string> all_warnings() const;

  LoadedModel model_;
  WorkerOptions options_;
  RunGroup group_;
  Pacing pacing_;
  std::unique_ptr<WatchedBranching> branching_;  ///< null if not branching
  RunLookup lookup_;
  PublishTimes publish_times_;
};

}  // namespace sketchscope
