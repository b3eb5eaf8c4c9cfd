#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gui/app/notice_board.hpp"
#include "gui/view/history.hpp"
#include "gui/view/run_source.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope {

/// The run on the screen: what the window has read of it so far, and what is chosen in it. Reads
/// what the source has published and never waits for it.
class ShownRun {
 public:
  explicit ShownRun(RunSource& source) : source_(source), state_(source.state()) {}

  /// Takes in what was published since the last call; what the run has to say goes to `notices`.
  /// `opening`: another run is about to take its place.
  void read(NoticeBoard& notices, bool opening);
  /// The source watches another run now: nothing that was read or chosen is of it.
  void forget();
  /// Whether the source has published nothing since the last call of read.
  [[nodiscard]] bool is_current() const { return source_.state() == state_; }

  [[nodiscard]] RunSource& source() { return source_; }
  [[nodiscard]] const RunSource& source() const { return source_; }
  [[nodiscard]] const ModelInfo& model() const { return source_.model(); }
  [[nodiscard]] const History& history() const { return history_; }
  /// Of the run that is compared; empty while none is.
  [[nodiscard]] const History& other_history() const { return other_history_; }
  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(history_.size()); }
  /// The latest.
  [[nodiscard]] const LiveState& state() const { return *state_; }
  [[nodiscard]] const std::shared_ptr<const LiveState>& state_pointer() const { return state_; }
  [[nodiscard]] const Selection& selection() const { return selection_; }
  [[nodiscard]] Selection& selection() { return selection_; }

  /// What was written about its steps.
  [[nodiscard]] const std::vector<StepNote>& notes() const { return notes_; }
  /// No words take the note of that step away.
  void write_note(const StepNote& note);
  /// The notes up to this step stay with the run that is about to begin; all of them without one.
  void keep_notes(std::optional<std::int64_t> last = {});

 private:
  RunSource& source_;
  History history_;
  History other_history_;
  std::shared_ptr<const LiveState> state_;
  Selection selection_;
  std::vector<StepNote> notes_;
  std::optional<std::vector<StepNote>> notes_to_keep_;  ///< by the run that is about to begin
  std::string told_stop_;                               ///< why it stopped, as it was told last
  std::set<std::string> warned_;                        ///< of this run, so that each is said once
};

}  // namespace sketchscope
