#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope::run {

/// A condition at which a run stops.
struct Breakpoint {
  enum class Kind : std::uint8_t {
    step,          ///< this step has been made
    eviction,      ///< any position is evicted
    position,      ///< this position leaves any table
    disagreement,  ///< the most likely tokens of lane and twin differ
    divergence,    ///< the next-token KL exceeds this, nats (needs a twin)
  };
  Kind kind = Kind::eviction;
  double value = 0;

  friend bool operator==(const Breakpoint&, const Breakpoint&) = default;
};

/// The textual form of a kind of breakpoint.
struct BreakpointWord {
  Breakpoint::Kind kind;
  std::string_view word;
  std::string_view argument;  ///< meaning of the number after the word; empty if none
  std::string_view help;
};
const std::vector<BreakpointWord>& breakpoint_words();

/// Parses a breakpoint: "step 200", "eviction", "position 58", "disagreement", "kl 0.5". Throws
/// UsageError on anything else.
Breakpoint parse_breakpoint(std::string_view text);
std::string breakpoint_text(const Breakpoint& breakpoint);

/// Returns why the run stops after this step, such as "position 58 left layer 3"; empty if it goes
/// on.
std::optional<std::string> stop_reason(const Breakpoint& breakpoint,
                                       const record::StepRecord& record);

/// Decides when the next step of a run is due, from play and pause, speed, requested steps,
/// breakpoint and replay. Steps of a replay are due at once.
class Pacing {
 public:
  using Clock = std::chrono::steady_clock;

  /// A value of `tokens_per_second` of 0 or less means unlimited. `record_bytes` are set aside for
  /// the records of a run.
  Pacing(bool running, double tokens_per_second, std::size_t record_bytes = std::size_t{1} << 30)
      : running_(running), tokens_per_second_(tokens_per_second), record_budget_(record_bytes) {}

  void play();
  void pause();
  /// Makes `count` more steps, then pauses; a negative count acts as 0.
  void step(int count);
  void run_until(const Breakpoint& breakpoint);
  void set_speed(double tokens_per_second);
  /// Pauses, with a reason for the person.
  void stop(std::string reason);
  /// Pauses after a failure, until another run begins.
  void fail();
  /// Starts pacing another run. Requested steps and breakpoints are dropped, and the first
  /// `catch_up_until` steps are replayed without pause.
  void begin_run(std::int64_t catch_up_until = 0);

  /// The reasons for which a run's next step is due at once, whatever the speed.
  struct Need {
    bool replay = false;  ///< recorded steps are still to be replayed
    bool prompt = false;  ///< the prompt is not fed completely
  };
  /// Returns when the next step is due, if the run can make one; empty while paused.
  [[nodiscard]] std::optional<Clock::time_point> next_due(const Need& need) const;
  /// Returns whether a run with `steps` steps is still replaying.
  [[nodiscard]] bool catches_up(std::int64_t steps) const { return steps < catch_up_until_; }
  /// Returns whether the last of `steps` steps was new rather than replayed.
  [[nodiscard]] bool is_new(std::int64_t steps) const { return steps > catch_up_until_; }

  /// Notes the beginning of a step, from which the speed's interval counts.
  void note_step() { last_step_ = Clock::now(); }
  /// Notes that one of the requested steps was made.
  void count_step();
  /// Stops if the record meets the breakpoint's condition.
  void check_breakpoint(const record::StepRecord& record);
  /// Stops if the records have used up their memory budget.
  void check_records(const record::RecordLog& log);

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] double tokens_per_second() const { return tokens_per_second_; }
  [[nodiscard]] const std::optional<Breakpoint>& until() const { return until_; }
  /// Returns why the run stopped by itself; empty if it did not.
  [[nodiscard]] const std::string& stopped() const { return stopped_; }

 private:
  bool running_;
  bool failed_ = false;
  double tokens_per_second_;
  int steps_owed_ = 0;
  std::int64_t catch_up_until_ = 0;  ///< in steps from the run's beginning
  std::optional<Breakpoint> until_;
  std::string stopped_;
  Clock::time_point last_step_{};
  record::RecordBudget record_budget_;
};

}  // namespace sketchscope::run
