#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/run/command.hpp"
#include "engine/run/step_trail.hpp"
#include "engine/run/watched_run.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::run {

/// A place for one of the runs that are watched side by side: the run, its wanted knobs, and the
/// log that receives its records.
struct WatchedSlot {
  std::unique_ptr<WatchedRun> run = {};  ///< null until a run could begin
  settings::Knobs wanted;                ///< last commanded; in force from the next step on
  std::map<std::string, std::int64_t> applied_at = {};  ///< knob → step at which it last changed
  record::RecordLog* log = nullptr;                     ///< never null; outlives the slot
  StepTrail trail = {};                                 ///< its latest steps, taken apart

  /// Returns the number of tokens fed. Runs are compared at equal numbers of tokens rather than
  /// steps, since prefill may take one step in one run and many in another.
  [[nodiscard]] std::size_t fed() const { return run->lane().tokens().size(); }

  /// Replaces the run by one at its beginning, and clears the log for run `number`.
  void begin(std::unique_ptr<WatchedRun> next, std::uint64_t number);
  /// Makes the run's next step and publishes its record. Throws as WatchedRun::step() does.
  /// `recorder` notes the session's operations; it may be null.
  record::RecordPointer step(trace::Recorder* recorder);
  /// Appends a record of the run to the log and updates `applied_at` by the record's knob changes.
  record::RecordPointer publish(record::StepRecord record);
};

/// Returns the options of a replay of `run`: its tokens and knob changes. Measurements and
/// keyframes are those of `base`.
RunOptions replay_options(const WatchedRun& run, RunOptions base);

/// The watched run, which is in front, and the runs that are compared with it. All belong to one
/// session, so that they advance in one forward pass, and are at the same position unless one has
/// ended or began later.
class RunGroup {
 public:
  /// Creates the place in front, without a run yet, with the wanted `knobs`. `logs` has one log per
  /// place.
  RunGroup(std::shared_ptr<const model::Model> model, std::span<record::RecordLog> logs,
           const settings::Knobs& knobs);

  [[nodiscard]] WatchedSlot& front() { return slots_.front(); }
  [[nodiscard]] const WatchedSlot& front() const { return slots_.front(); }
  [[nodiscard]] std::span<const WatchedSlot> slots() const { return slots_; }
  /// Returns the runs compared with the one in front; empty if there are none.
  [[nodiscard]] std::span<const WatchedSlot> others() const { return slots().subspan(1); }
  [[nodiscard]] bool started() const { return front().run != nullptr; }
  /// Returns how often the run in front was restarted; records and states carry this number.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Returns the token source of the compared runs.
  [[nodiscard]] ComparedTokens tokens() const { return tokens_; }

  /// Begins new runs from step 0 in a new session, one per place, whose wanted knobs become those
  /// of its run. Throws as WatchedRun does, and then leaves all runs as they were.
  void begin(const std::vector<RunOptions>& options);
  /// Does the same for replayed runs, without changing number().
  void replay(const std::vector<RunOptions>& options);
  /// Replays the run in front and leaves the others as they are.
  void replay_front(RunOptions options);
  /// Begins the same run twice; `tokens` is the token source of the second.
  void compare(const RunOptions& options, ComparedTokens tokens);
  /// Removes all runs but the one in front.
  void end_compare();
  /// Exchanges the run in front with the first compared one. Throws UsageError if there is none.
  void swap();
  /// Continues the run in front from its state after the past step `step`. Its present state
  /// becomes the only compared run.
  void continue_from(std::int64_t step);

  /// Starts or stops recording the operations of later steps.
  void trace_steps(bool on);
  /// Lets runs that could share a forward pass make one each, so that the times of each are its
  /// own, or no longer. On a device they always share it, since its sums depend on the number of
  /// rows.
  void step_apart(bool on) { apart_ = on; }
  [[nodiscard]] bool runs_apart() const { return apart_; }

  /// Makes the next step of the run in front and of each run at the same position, in one forward
  /// pass if possible. Returns the record of the run in front.
  record::RecordPointer step();

 private:
  [[nodiscard]] bool is_behind(const WatchedSlot& slot) const { return slot.fed() < front().fed(); }
  /// Steps every compared run until it was fed as many tokens as the run in front.
  void catch_up();
  record::RecordPointer step_front();
  void install(const std::vector<RunOptions>& options, std::uint64_t number);
  /// Removes the places from `count` on.
  void keep_places(std::size_t count);

  std::shared_ptr<const model::Model> model_;
  std::span<record::RecordLog> logs_;
  std::shared_ptr<decode::Session> session_;  ///< shared by all runs; null before the first
  std::vector<WatchedSlot> slots_;            ///< never empty
  ComparedTokens tokens_ = ComparedTokens::own;
  std::uint64_t number_ = 0;
  std::unique_ptr<trace::Recorder> recorder_;  ///< null unless steps are taken apart
  bool traces_ = false;
  bool apart_ = false;
};

}  // namespace sketchscope::run
