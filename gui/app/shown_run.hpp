#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gui/app/notice_board.hpp"
#include "gui/panels/panel.hpp"
#include "gui/view/history.hpp"
#include "gui/view/run_source.hpp"
#include "gui/view/step_axis.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope::app {

/// The run on the screen: the records and state read so far, and the selection. Reads published
/// data and never waits for the source.
class ShownRun {
 public:
  explicit ShownRun(view::RunSource& source) : source_(source), state_(source.state()) {}

  /// Reads what was published since the last call, and posts the run's messages to `notices`.
  /// `opening` says that another run is about to replace it.
  void read(NoticeBoard& notices, bool opening);
  /// Clears everything after the source has changed its run.
  void forget();
  /// Returns whether the source has published nothing since the last read().
  [[nodiscard]] bool is_current() const { return source_.state() == state_; }

  [[nodiscard]] view::RunSource& source() { return source_; }
  [[nodiscard]] const view::RunSource& source() const { return source_; }
  [[nodiscard]] const run::ModelInfo& model() const { return source_.model(); }
  [[nodiscard]] const view::History& history() const { return history_; }
  /// Returns the history of the run of a place, less than kMostRuns; empty if there is none.
  [[nodiscard]] const view::History& history_of(std::size_t place) const {
    return place == 0 ? history_ : compared_.at(place - 1);
  }
  /// Returns the history of the compared run B; empty if there is none.
  [[nodiscard]] const view::History& other_history() const { return history_of(1); }
  /// Returns the occupancies of these runs, as panels ask for them.
  [[nodiscard]] view::Occupancies& occupancies() { return occupancies_; }
  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(history_.size()); }
  [[nodiscard]] const run::LiveState& state() const { return *state_; }
  [[nodiscard]] const std::shared_ptr<const run::LiveState>& state_pointer() const {
    return state_;
  }
  [[nodiscard]] const widgets::Selection& selection() const { return selection_; }
  [[nodiscard]] widgets::Selection& selection() { return selection_; }

  [[nodiscard]] const std::vector<run::StepNote>& notes() const { return notes_; }
  /// Sets the note of a step; an empty one removes it.
  void write_note(const run::StepNote& note) { view::set_note(notes_, note); }
  /// Carries the notes up to this step, or all, over to the run that is about to begin.
  void keep_notes(std::optional<std::int64_t> last = {});
  /// Gives these notes to the run that is about to begin.
  void bring_notes(std::vector<run::StepNote> notes) { notes_to_keep_ = std::move(notes); }

 private:
  view::RunSource& source_;
  view::History history_;
  std::array<view::History, run::kMostRuns - 1> compared_;  ///< by place, from 1 on
  view::Occupancies occupancies_;
  std::shared_ptr<const run::LiveState> state_;
  widgets::Selection selection_;
  std::vector<run::StepNote> notes_;
  std::optional<std::vector<run::StepNote>> notes_to_keep_;  ///< notes for the next run
  std::string reported_stop_;                                ///< last reported reason of a stop
  std::set<std::string> warned_;  ///< warnings of this run reported so far
};

/// Requests from the engine what records lack: the state at the step shown, the trace of the
/// selected position, and the sketches of the compared run B.
class PastState {
 public:
  /// Sends the requests that were not sent yet. B's sketches are requested while `shows_sketches`.
  void ask(const ShownRun& run, bool shows_sketches, const panels::CommandSink& send);
  /// Returns the state at the step shown if it is known, else the latest; valid until the next
  /// call.
  [[nodiscard]] const run::LiveState& shown_state(const ShownRun& run);

 private:
  std::optional<std::int64_t> asked_step_;
  std::optional<int> asked_position_;
  std::uint64_t asked_generation_ = 0;
  bool asked_sketches_ = false;
  run::LiveState shown_;                            ///< the latest state with layers of the past
  std::shared_ptr<const run::LiveState> shown_of_;  ///< the latest state from which shown_ was made
};

}  // namespace sketchscope::app
