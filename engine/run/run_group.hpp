#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/run/compared_tokens.hpp"
#include "engine/run/watched_slot.hpp"

namespace sketchscope {

/// The run that is watched, in front, and the runs that are compared with it: all of one session,
/// so that they advance in one forward pass, and all at the same position of their sequences unless
/// one has ended or was begun later. There are as many places for runs as there are logs.
class RunGroup {
 public:
  /// One place in front, without a run yet, that wants `knobs`. `logs` holds one log a place.
  RunGroup(std::shared_ptr<const Model> model, std::span<RecordLog> logs, const Knobs& knobs);

  [[nodiscard]] WatchedSlot& front() { return slots_.front(); }
  [[nodiscard]] const WatchedSlot& front() const { return slots_.front(); }
  [[nodiscard]] std::span<const WatchedSlot> slots() const { return slots_; }
  /// The runs beside the one in front; empty while nothing is compared.
  [[nodiscard]] std::span<const WatchedSlot> others() const { return slots().subspan(1); }
  [[nodiscard]] bool started() const { return front().run != nullptr; }
  /// Counts how often the run in front was begun anew; records and states carry it.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// What the runs beside the one in front are fed.
  [[nodiscard]] ComparedTokens tokens() const { return tokens_; }

  /// Begins new runs from step 0 in a fresh session, one a place; a place that was not there yet
  /// wants its run's knobs. Throws as WatchedRun does, and all runs are then as they were.
  void begin(const std::vector<RunOptions>& options);
  /// Does the same for runs that are made again, so that the number stays.
  void replay(const std::vector<RunOptions>& options);
  /// Makes the run in front again while the others stay where they are.
  void replay_front(RunOptions options);
  /// Begins the same run twice; the second is fed `tokens`.
  void compare(const RunOptions& options, ComparedTokens tokens);
  /// Leaves the run in front alone.
  void end_compare();
  /// Exchanges the run in front with the first beside it. Throws UsageError where none is.
  void swap();
  /// The run in front goes on from where it stood after `step`, a step in its past; the run as it
  /// is now stays beside it, and is the only one that does.
  void continue_from(std::int64_t step);

  /// Makes the next step of the run in front, and of each other run that is as far: in one forward
  /// pass where that can be, else one after the other. Returns the record of the run in front.
  RecordPointer step();

 private:
  [[nodiscard]] bool is_behind(const WatchedSlot& slot) const { return slot.fed() < front().fed(); }
  /// Steps every run beside the one in front until it has been fed as many tokens.
  void catch_up();
  RecordPointer step_front();
  void install(const std::vector<RunOptions>& options, std::uint64_t number);
  /// Closes the places from `count` on.
  void keep_places(std::size_t count);

  std::shared_ptr<const Model> model_;
  std::span<RecordLog> logs_;
  std::shared_ptr<Session> session_;  ///< of all runs; null before the first
  std::vector<WatchedSlot> slots_;    ///< never empty
  ComparedTokens tokens_ = ComparedTokens::own;
  std::uint64_t number_ = 0;
};

}  // namespace sketchscope
