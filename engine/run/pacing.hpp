#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/run/breakpoint.hpp"

namespace sketchscope {

/// Decides when the next step of a run is due: play and pause, a speed, a number of steps that a
/// person asked for, a breakpoint, and steps of a replay that are made as fast as they can be.
class Pacing {
 public:
  using Clock = std::chrono::steady_clock;

  /// `tokens_per_second` 0 or less is unlimited.
  Pacing(bool running, double tokens_per_second)
      : running_(running), tokens_per_second_(tokens_per_second) {}

  void play();
  void pause();
  /// Makes this many steps more, then pauses; below 0 acts as 0.
  void step(int count);
  void run_until(const Breakpoint& breakpoint);
  void set_speed(double tokens_per_second);
  /// Pauses and says why.
  void stop(std::string reason);
  /// Pauses until another run begins, as this one cannot go on.
  void fail();
  /// Another run takes the place of the present one. Steps still asked for and breakpoints are
  /// forgotten, and the first `catch_up_until` steps are replayed without a pause.
  void begin_run(std::int64_t catch_up_until = 0);

  /// When the next step is due, if the run can make one; empty while nothing is asked for. With
  /// `at_once` (a replay, a prompt fed token by token) no speed delays it.
  struct Need {
    bool replay = false;  ///< steps are missing that were made before
    bool prompt = false;  ///< the prompt is not in yet
  };
  [[nodiscard]] std::optional<Clock::time_point> next_due(const Need& need) const;
  /// Whether a run of so many steps still replays what was made before.
  [[nodiscard]] bool catches_up(std::int64_t steps) const { return steps < catch_up_until_; }
  /// Whether the latest of so many steps was new.
  [[nodiscard]] bool is_new(std::int64_t steps) const { return steps > catch_up_until_; }

  /// A step begins; the speed counts from here.
  void note_step() { last_step_ = Clock::now(); }
  /// One of the steps asked for was made.
  void count_step();
  /// Stops if the record is what the breakpoint waits for.
  void check_breakpoint(const StepRecord& record);

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] double tokens_per_second() const { return tokens_per_second_; }
  [[nodiscard]] const std::optional<Breakpoint>& until() const { return until_; }
  /// Why the run stopped by itself; empty if it did not.
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
};

}  // namespace sketchscope
