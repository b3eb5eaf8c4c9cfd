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
  std::size_t place = 0;                 ///< by which readers know its log
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
  /// Returns the runs compared with the one in front, in the order of their places; empty if there
  /// are none.
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
  /// Adds a run, at its beginning, in the first free place. Beside a single run it takes that run's
  /// tokens. Throws UsageError if no place is free, else as WatchedRun does.
  void add(RunOptions options);
  /// Removes the run of a place. Throws UsageError if none is compared there.
  void remove(std::size_t place);
  /// Removes all runs but the one in front.
  void end_compare();
  /// Exchanges the run in front with that of a place. Throws UsageError if none is compared there.
  void swap(std::size_t place);
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
  /// Makes one step of runs that were fed less than the one in front, of as many as share a forward
  /// pass. Returns whether there were any.
  bool step_behind();
  /// Returns whether a run was fed less than the one in front, and can go on.
  [[nodiscard]] bool any_behind() const;

 private:
  [[nodiscard]] bool is_behind(const WatchedSlot& slot) const {
    return slot.fed() < front().fed() && !slot.run->at_context_end();
  }
  /// Returns the index of the compared run of a place. Throws UsageError if there is none.
  [[nodiscard]] std::size_t compared_at(std::size_t place) const;
  /// Returns the first place without a run; the number of places if all are taken.
  [[nodiscard]] std::size_t free_place() const;
  /// Returns whether two runs make their next steps in one forward pass.
  [[nodiscard]] bool can_share(const WatchedSlot& one, const WatchedSlot& other) const;
  /// Does what step_behind() does, with the recorder already in place.
  bool advance_behind();
  record::RecordPointer step_front();
  void install(const std::vector<RunOptions>& options, std::uint64_t number);
  /// Removes all but the first `count` slots.
  void keep_slots(std::size_t count);

  std::shared_ptr<const model::Model> model_;
  std::span<record::RecordLog> logs_;
  std::shared_ptr<decode::Session> session_;  ///< shared by all runs; null before the first
  std::vector<WatchedSlot> slots_;            ///< never empty, in the order of their places
  ComparedTokens tokens_ = ComparedTokens::own;
  std::uint64_t number_ = 0;
  std::unique_ptr<trace::Recorder> recorder_;  ///< null unless steps are taken apart
  bool traces_ = false;
  bool apart_ = false;
};

}  // namespace sketchscope::run
