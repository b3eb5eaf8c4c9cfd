#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "engine/core/error.hpp"
#include "engine/measure/continuation.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope::cli {

/// Formats a number with `digits` decimals.
std::string decimals(double value, int digits);

/// Formats a figure and its interval, if any: "2.888 (2.812 to 2.951)".
std::string text_of(const measure::Estimate& estimate, int digits);

/// Prints one line of a summary: a label and a value in aligned columns.
void print_line(std::ostream& stream, const std::string& label, const std::string& value);

/// Prints the agreement of greedy continuations with the full cache's.
void print_likeness(std::ostream& stream, const measure::LikenessMeans& means);

/// Prints the divergence from the full cache.
void print_divergence(std::ostream& stream, const schedule::RunTotals& totals);

/// Prints memory by category, the saving against the full cache, evictions, divergence and speed.
void print_totals(std::ostream& stream, const schedule::RunTotals& totals);

/// A progress line on standard error with the share done and the time left; silent if standard
/// error is no terminal that can erase a line. The destructor erases it.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows the share of the work done, 0 to 1.
  void show(double share);
  /// Returns a function that calls show(), for use as long as this object lives.
  [[nodiscard]] core::ProgressSink sink() {
    return [this](double share) { show(share); };
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  bool on_terminal_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_{};
};

}  // namespace sketchscope::cli
