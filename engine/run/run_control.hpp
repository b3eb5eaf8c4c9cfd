#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/branch/branch_run.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/record/record_log.hpp"
#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/watched_run.hpp"
#include "engine/run/worker.hpp"

namespace sketchscope {

/// What the worker's thread does, without the thread: carries out commands and makes steps when
/// they are due. Used by one thread at a time.
class RunControl {
 public:
  using Clock = std::chrono::steady_clock;

  /// `other_log` gets the records of a second run that is compared.
  RunControl(LoadedModel model, WorkerOptions options, RecordLog& log, RecordLog& other_log);

  /// Begins the first run. Throws as WatchedRun does; the control then waits for a Restart.
  void start();
  /// Throws Error or UsageError; the run goes on as it was.
  void carry_out(const Command& command);

  /// When the next step is due; empty when none is.
  [[nodiscard]] std::optional<Clock::time_point> next_due() const;
  /// Makes one step and appends its record. Throws what the step threw, paused.
  void step();

  /// A copy of the state, layers included.
  [[nodiscard]] LiveState live_state() const;
  [[nodiscard]] const std::string& prompt() const { return options_.prompt; }

 private:
  /// A run beside the one that is watched, in the same session.
  struct OtherRun {
    std::unique_ptr<WatchedRun> run;
    Knobs wanted;
    std::map<std::string, std::int64_t> applied_at;
    ComparedTokens tokens = ComparedTokens::own;
  };

  /// From the next step on.
  void want(const Knobs& knobs);
  void restart(const std::string& prompt);
  void continue_recording(const Recording& recording);
  /// Pauses where a continued run did not come out as it was recorded.
  void check_continued(const StepRecord& record);
  void compare(ComparedTokens tokens);
  void end_compare();
  void swap();
  /// The next step of the watched run, and of the other where it is as far: in one forward pass
  /// where that can be, else one after the other. Returns the first's record.
  RecordPointer step_runs();
  /// The watched run as it was after `step` goes on from there; as it is now it becomes the other.
  void continue_from(std::int64_t step);
  /// Takes in a record of either run.
  void publish(const RecordPointer& record);
  void publish_other(const RecordPointer& record);
  [[nodiscard]] bool other_is_behind() const;
  void restart_other(RunOptions options);
  [[nodiscard]] std::shared_ptr<const LiveState> other_state() const;
  void look_at(std::optional<std::int64_t> step);
  void trace(std::optional<int> position);
  void stop_at_breakpoint(const StepRecord& record);
  /// Replays all tokens so far under this schedule of knobs, as fast as it goes.
  void replay(const Knobs& first, std::map<std::int64_t, Knobs> schedule);
  /// Both runs again, each under its own knobs: what is measured has changed.
  void replay_all();
  /// Options of a run that feeds again what `run` fed.
  [[nodiscard]] RunOptions replay_options(const WatchedRun& run) const;
  /// Nothing is left to do, whatever the hand on play says.
  [[nodiscard]] bool is_over() const;
  [[nodiscard]] RunOptions run_options(std::vector<int> prompt) const;
  /// A run in a fresh session becomes the watched one.
  void begin(RunOptions options);
  /// Likewise in a session that is there.
  void begin(std::shared_ptr<Session> session, RunOptions options);
  void take_over(std::unique_ptr<WatchedRun> run);

  /// Throws UsageError where no branching run is on.
  BranchRun& branching();
  void start_branching();
  void watch(int path);
  /// Where the watched path was pruned, its nearest relative is watched from now on.
  void follow_watched_path();

  LoadedModel model_;
  WorkerOptions options_;
  RecordLog& log_;
  RecordLog& other_log_;
  std::shared_ptr<Session> session_;  ///< of the run, and of the other
  std::unique_ptr<WatchedRun> run_;
  std::optional<OtherRun> other_;         ///< empty: nothing is compared
  std::unique_ptr<BranchRun> branching_;  ///< empty: one sequence alone
  int watched_path_ = 0;
  Knobs wanted_;
  std::map<std::string, std::int64_t> applied_at_;
  std::uint64_t run_number_ = 0;
  std::int64_t catch_up_until_ = 0;  ///< steps that a replay still owes, counted from the start
  std::optional<Breakpoint> until_;
  std::string stopped_;
  std::shared_ptr<const LiveState> past_;       ///< that is looked at; null: none
  std::shared_ptr<const PositionTrace> trace_;  ///< likewise
  int steps_owed_ = 0;                          ///< of a Step command
  bool running_ = false;
  bool failed_ = false;
  Clock::time_point last_step_{};
};

}  // namespace sketchscope
