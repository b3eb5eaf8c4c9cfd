#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/run/pacing.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::run {

struct Recording;

/// The most runs that are watched side by side, the one in front among them.
inline constexpr std::size_t kMostRuns = 8;
/// The place of B, the compared run that views with two sides show beside the run in front.
inline constexpr std::size_t kPlaceOfB = 1;

/// The token source of the runs that are compared with the first; all advance position by position.
enum class ComparedTokens : std::uint8_t {
  own,   ///< each its own draws
  same,  ///< the first run's tokens, which isolates the caches' effect
};

/// The commands that the window, a script or a test may send to the worker.
namespace command {
/// Sets one knob from its text form.
struct SetKnob {
  std::string name;
  std::string value;
};
/// Sets all knobs at once, so that no intermediate set of knobs is invalid.
struct SetKnobs {
  settings::Knobs knobs;
};
/// Makes one step after another at the speed set, until it is paused or the run has to stop.
struct Play {};
/// Makes no further step until another command asks for some.
struct Pause {};
/// Advances this many steps, then pauses.
struct Step {
  int count = 1;
};
/// Generates until the breakpoint's condition holds, then pauses.
struct RunUntil {
  Breakpoint breakpoint;
};
/// Begins a new run from step 0 with the wanted knobs; an empty prompt keeps the current one.
struct Restart {
  std::string prompt;
};
/// Begins new runs that are given the tokens of a text one by one (teacher forcing), so that each
/// is scored, and pauses at its end. Sets the knob `prefill` to `stream`. Of a text longer than the
/// model's context its beginning is given.
struct Feed {
  std::string text;
  std::vector<int> tokens = {};  ///< given instead of the text's, such as those of a saved run
};
/// Replays a recorded run of the present model and pauses at its end, in place of all runs.
struct Resume {
  std::string prompt;                          ///< the text of its prompt
  std::shared_ptr<const Recording> recording;  ///< never null
  bool fed = false;                            ///< its prompt was a text for command::Feed
};
/// Sets the generation speed.
struct SetSpeed {
  double tokens_per_second = 0;  ///< 0 means unlimited
};
/// Replays the runs with or without a twin.
struct SetTwin {
  bool on = true;
};
/// Replays the runs with or without an audit.
struct SetAudit {
  bool on = true;
};
/// Restarts the run under the wanted knobs and replays all recorded tokens, so that no table is
/// approximate (docs/cache.md, "Going back and rebuilding"). It starts from step 0, not from a
/// keyframe, as a keyframe holds tables that were filled under other knobs.
struct RebuildExactly {};
/// Restarts with the wanted knobs as a branching run (docs/branching.md).
struct Branch {};
/// Ends branching; the watched path continues as the only one.
struct EndBranching {};
/// Watches another path of the branching run, whose cache all panels then show.
struct WatchPath {
  int path = 0;
};
/// Forks `path` before its token number `index`, continues with `token`, and watches the new path.
struct ForkPath {
  int path = 0;
  int index = 0;
  int token = 0;
};
/// Restarts with a second run for comparison, which has the same prompt and initially the same
/// knobs. Both advance position by position; later knob changes apply to the first run alone.
struct Compare {
  ComparedTokens tokens = ComparedTokens::same;  ///< token source of the second run
};
/// Removes all runs but the one in front.
struct EndCompare {};
/// Adds a run with these knobs beside the others, in the first free place. It begins at step 0, at
/// once makes all steps to the position of the first run, and then advances with it. Beside a
/// single run it is fed that run's tokens.
struct AddRun {
  settings::Knobs knobs;
};
/// Removes the run of a place, which is not 0.
struct RemoveRun {
  std::size_t place = 1;
};
/// Exchanges the first run and that of another place.
struct Swap {
  std::size_t with = 1;
};
/// Also publishes the state after this past step; without a step, publishes the latest state alone.
struct LookAt {
  std::optional<std::int64_t> step;
};
/// Continues from the state after this past step with the wanted knobs. The present run is kept for
/// comparison.
struct ContinueFrom {
  std::int64_t step = 0;
};
/// Publishes the scores of this position over the run; without a position, stops publishing them.
struct Trace {
  std::optional<int> position;
};
/// Chooses whether compared runs make separate forward passes, so that operations are timed for
/// each run alone, or share one.
struct StepApart {
  bool on = true;
};
/// Measures the machine's peak rates between two steps, once; they are published from then on.
struct MeasureMachine {};
/// Chooses whether the state of the compared run B is published with its sketches.
struct ShowSketches {
  bool on = true;
};
/// Repeats the run with an evicted position kept, and publishes how much the eviction changed the
/// loss of the tokens that followed.
struct AskCost {
  std::int64_t step = 0;  ///< of the eviction
  int layer = 0;
  int position = 0;
  int head = 0;  ///< 0 where heads share a table
};
}  // namespace command

using Command =
    std::variant<command::SetKnob, command::SetKnobs, command::Play, command::Pause, command::Step,
                 command::Restart, command::SetSpeed, command::SetTwin, command::SetAudit,
                 command::RebuildExactly, command::Branch, command::EndBranching,
                 command::WatchPath, command::ForkPath, command::RunUntil, command::Compare,
                 command::EndCompare, command::Swap, command::LookAt, command::ContinueFrom,
                 command::Trace, command::Feed, command::Resume, command::StepApart,
                 command::MeasureMachine, command::AskCost, command::AddRun, command::RemoveRun,
                 command::ShowSketches>;

/// A thread-safe FIFO queue of commands to the worker. A tagged command replaces the newest unread
/// one if that has the same tag, so that a dragged slider leaves one command. Only the newest is
/// replaced, so that dependent commands keep their order.
class CommandQueue {
 public:
  using Clock = std::chrono::steady_clock;

  void push(Command command, std::string tag);

  /// The next command; empty if none came before `deadline` or the queue was closed.
  std::optional<Command> pop_until(Clock::time_point deadline);
  std::optional<Command> pop();  ///< blocks until a command arrives or the queue is closed
  std::optional<Command> try_pop();

  /// Marks the last popped command as carried out.
  void done();
  /// Returns whether every pushed command was carried out.
  [[nodiscard]] bool idle() const;

  void close();
  [[nodiscard]] bool closed() const;

 private:
  struct Tagged {
    Command command;
    std::string tag;
  };
  std::optional<Command> take();

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Tagged> waiting_;
  bool in_progress_ = false;
  bool closed_ = false;
};

}  // namespace sketchscope::run
